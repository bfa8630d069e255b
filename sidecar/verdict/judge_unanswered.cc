// SPDX-License-Identifier: Apache-2.0
//
// Attempts that the node answers with nothing, or with a refusal: a node that honours nobody any more, one
// that is deaf to a part of its clients, or strangers. Only what was measured decides between them.
#include "verdict/judge_impl.h"

namespace candor {
namespace {

constexpr Duration kBusy = std::chrono::seconds(60);  // a node that answered so lately is at work

bool Fired(const SequentialTest& t) { return t.z() >= t.h(); }
bool InDoubt(const SequentialTest& t) { return t.z() >= t.h() / 2; }

// Switches on at the threshold and off at half of it.
void Hold(bool on, bool off, bool* state) { *state = on || (*state && !off); }

}  // namespace

// What began before the node last acknowledged anybody is over, once its packets have been looked at since. A
// silence that goes on all the same was only told late: a call that is answered after early media is
// acknowledged by what the node sent before.
bool Judge::Impl::AtWork(Time then) const {
  const bool over = then < last_acknowledged_ && !looked_since_vouch_;
  return last_acknowledged_ != Time{} && !over && then - last_acknowledged_ <= kBusy;
}

// Forged checks can neither stop the real acknowledgements nor silence the node; a node that has failed
// does both. But a node without clients does both as well: the silence must have begun while it was at work,
// or four strangers who repeat forged checks take an idle node down. Trusted sources do not forge.
// `deaf`: only that it acknowledges nobody is known, not that it sends nothing.
bool Judge::Impl::HonoursNobody(bool* deaf) const {
  constexpr double kLikelyFallen = 3;
  const bool silenced =
      silence_.ExceedsBaseline(now_) && (AtWork(silence_.asked_since()) || TrustedAreUnanswered());
  if (ack_rate_.Sum() >= kLikelyFallen && silenced) return true;
  const bool only_arrivals_rose = unvouched_rate_ > 3 * ack_rate_.BaselinePerSecond() + 1;
  const bool row = unanswered_in_a_row_ >= kUnansweredInARow && unanswered_since_ >= last_acknowledged_;
  const bool refuses = row && AtWork(unanswered_since_);
  // While balancers keep clients away for another reason, fewer of them are acknowledged in any case.
  const bool kept_away = health_.state() == State::kFailing || health_.state() == State::kProbation;
  const bool known = !kept_away || deciding_ == Detector::kFrozen;
  *deaf = HonoursFewer() && refuses && known && !only_arrivals_rose;
  return *deaf;
}

// The node acknowledges a tenth of what is usual, as sure as an alarm must be.
bool Judge::Impl::HonoursFewer() const { return ack_rate_.Sum() >= bank_.test(Detector::kFrozen).h(); }

void Judge::Impl::FindFrozen(bool nobody, bool deaf, Findings* f) {
  const SequentialTest& t = bank_.test(Detector::kFrozen);
  if (nobody && Fired(t)) f->alarm = Detector::kFrozen, f->deaf = deaf;
  if (nobody && InDoubt(t)) f->doubt = true, f->doubtful = Detector::kFrozen;
  // Too few sources to raise it, but nobody else is acknowledged either.
  const auto all_comers = [&](double at) { return HonoursFewer() && t.unguarded_score() >= at; };
  Hold(Fired(t) || all_comers(t.h()), !InDoubt(t) && !all_comers(t.h() / 2), &unanswered_);
  Hold(unanswered_ && successes_.MatchesBaseline(now_), !unanswered_ || successes_.BelowBaseline(now_),
       &flood_);
  const bool asked = now_ - last_offered_ <= kBusy;
  const bool worked = last_acknowledged_ != Time{};
  const bool idle = worked && silence_.ExceedsBaseline(now_) && !AtWork(silence_.asked_since());
  Hold(Fired(t) && idle && !nobody && asked, !InDoubt(t) || !idle || nobody || !asked, &unanswered_idle_);
}

void Judge::Impl::FindRefusals() {
  const double usual = ack_rate_.BaselinePerSecond();
  const SequentialTest& t = bank_.test(Detector::kFrozen);
  const bool all = HonoursFewer() && refusals_.ReplaceAcknowledged(usual, usual_networks_.Lately(now_));
  Hold(all, ack_rate_.Sum() < t.h() / 2 || refusals_.HaveStopped(usual), &refuses_);
}

// Nobody asks any more: what was not answered a minute ago says nothing of the node today.
void Judge::Impl::ForgetUnanswered() {
  if (last_offered_ != Time{} && now_ - last_offered_ > kBusy) bank_.Reset(Detector::kFrozen);
}

Measurements Judge::Impl::Measure() const {
  constexpr Duration kLately = std::chrono::seconds(5);
  Measurements m;
  m.answered = last_acknowledged_ != Time{};
  m.active_recently = succeeded_.Since(now_ - options_.fresh) > 0;
  m.usual_known = successes_.known();
  m.successes = successes_.Since(now_);
  if (silence_.SentWithin(kLately, now_)) m.sending = Sending::kYes;
  if (silence_.ExceedsBaseline(now_)) m.sending = Sending::kNo;
  m.refused = refusals_.count();
  m.refused_networks = refusals_.networks();
  m.usual_row = usual_row_.Longest();
  return m;
}

}  // namespace candor
