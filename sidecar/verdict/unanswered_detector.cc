// SPDX-License-Identifier: Apache-2.0
#include "verdict/unanswered_detector.h"

#include <algorithm>

namespace candor {

void UnansweredDetector::Offered(const AttemptRecord& r) {
  if (!r.at_socket) {
    last_lost_ = std::max(last_lost_, r.start);
    if (r.counted_if_offered) lost_.Offered(r);
    return;
  }
  last_offered_ = std::max(last_offered_, r.start);
  if (!r.counted_if_offered) return;
  lost_.OfferedAtSocket();
  successes_.Offered();
  unacknowledged_rate_ += 1 / rule::kUnansweredMemory;
  if (run_++ == 0) run_since_ = r.start;
  if (r.network.trusted) ++trusted_run_;
}

void UnansweredDetector::Acknowledged(const AttemptRecord& r, Time at) {
  if (r.counted_if_offered) {
    unacknowledged_rate_ = std::max(0.0, unacknowledged_rate_ - 1 / rule::kUnansweredMemory);
    successes_.Acknowledged();
    // A trunk or a probe that comes again and again says nothing of who else comes.
    if (!r.network.trusted)
      familiar_share_ += ((r.familiar ? 1 : 0) - familiar_share_) / rule::kFamiliarMemory;
  }
  lost_.Acknowledged();
  last_acknowledged_ = at;
  observed_since_ack_ = false;
  run_ = trusted_run_ = 0;
  ack_rate_.Acknowledged(at);
}

void UnansweredDetector::ObserveNode(const NodeActivity& activity, Time now, bool learn) {
  observed_since_ack_ = true;
  silence_.Observe(activity.last_in, activity.last_out, now, learn);
  packets_.Observe(activity.last_in, now, learn);
}

void UnansweredDetector::Advance(Time now, const SequentialTest& frozen, bool kept_away) {
  ack_rate_.Advance(now);
  AdvanceLost(now, frozen.threshold());
  refusals_.Advance(now, ack_rate_.Sum() >= rule::kAckRateFalling);
  // Of a node that was idle the successes had stopped before.
  if (frozen.Doubtful() && !doubted_) doubted_at_work_ = AtWork(now);
  doubted_ = frozen.Doubtful();
  successes_.Advance(now, frozen.Doubtful() || kept_away, frozen.summary().since());
  unacknowledged_rate_ *= decay_.Keep(now - advanced_);
  advanced_ = now;
}

void UnansweredDetector::AdvanceLost(Time now, double threshold) {
  lost_.Advance(now, lost_counts_ || ack_rate_.Sum() >= rule::kAckRateFalling);
  // What strangers send to closed ports takes no packet away from the sockets, and trusted sources forge
  // nothing: less certainty of the acknowledgements suffices then.
  const bool surely = packets_.Ceased(now) || lost_.trusted_run() >= rule::kUnansweredRun;
  lost_odds_ = surely ? rule::kAckRateFallen : threshold;
  const bool none = !ack_rate_.known() || ack_rate_.Sum() >= lost_odds_;
  lost_replace_ = none && lost_.ReplaceAcknowledged(ack_rate_.BaselinePerSecond(), now);
  const double fewer = lost_.Fewer(now);
  const bool real = lost_replace_ || lost_.trusted_lost();
  lost_counts_.Update(real || fewer >= rule::kFewerSuccesses, !real && fewer <= rule::kAsManySuccesses);
  if (lost_counts_) last_offered_ = std::max(last_offered_, last_lost_);
}

bool UnansweredDetector::Stale(Time now) const {
  return last_offered_ != Time{} && !OfferedWithin(rule::kRecentlyAtWork, now);
}

// A silence that began before the node's last acknowledgement is over, once what it sends has been observed
// since. One that goes on all the same is reported late: a call that is answered after early media is
// acknowledged by what the node sent before.
bool UnansweredDetector::AtWork(Time then) const {
  const bool over = then < last_acknowledged_ && !observed_since_ack_;
  return last_acknowledged_ != Time{} && !over && then - last_acknowledged_ <= rule::kRecentlyAtWork;
}

// Forged checks neither stop real acknowledgements nor silence the node; a failure does both. A node without
// clients shows both as well, so the silence must have begun while it was at work: else four strangers who
// repeat forged checks could take an idle node down. Trusted sources do not forge.
bool UnansweredDetector::AcknowledgesNone(double threshold, bool kept_away, Time now,
                                          bool* by_ack_rate) const {
  const bool silenced = silence_.ExceedsBaseline(now) &&
                        (AtWork(silence_.asked_since()) || trusted_run_ >= rule::kUnansweredRun);
  if (ack_rate_.Sum() >= rule::kAckRateFallen && silenced) return true;
  const double most = rule::kArrivalsRose * ack_rate_.BaselinePerSecond() + 1;
  const bool only_arrivals_rose = unacknowledged_rate_ > most || lost_.OnlyTheyRose(most);
  // While clients are kept away fewer of them are acknowledged in any case.
  *by_ack_rate = InARow(threshold) && !kept_away && !only_arrivals_rose;
  return *by_ack_rate;
}

// The acknowledgements have fallen, and six attempts in a row went without one, the first of them while the
// node was at work.
bool UnansweredDetector::InARow(double threshold) const {
  const bool at_sockets = ack_rate_.Sum() >= threshold && run_ >= rule::kUnansweredRun &&
                          run_since_ >= last_acknowledged_ && AtWork(run_since_);
  const bool lost = lost_replace_ && ack_rate_.Sum() >= lost_odds_ &&
                    (AtWork(lost_.run_since()) || lost_.trusted_run() >= rule::kUnansweredRun);
  return at_sockets || lost;
}

// Forged attempts add arrivals and leave the successes as they were; where clients are kept away both fall.
// Where many in a row are unanswered the others' rate says more (AcknowledgesNone).
bool UnansweredDetector::SuccessesFell(double log_odds, double granted, Time now) const {
  return doubted_at_work_ && run_ < rule::kUnansweredRun &&
         successes_.FallenLogRatio(now, granted) >= log_odds && !successes_.ArrivalsRose(now);
}

// Clients that this node has served before, no strangers.
bool UnansweredDetector::AreFamiliar(const EvidenceSummary& unanswered) const {
  const double least = rule::kFamiliarShare * familiar_share_ * static_cast<double>(unanswered.failed());
  return unanswered.familiar() >= rule::kFamiliarUnanswered &&
         unanswered.familiar_networks() >= rule::kEnoughNetworks &&
         static_cast<double>(unanswered.familiar()) >= least;
}

// They come beside the clients, and are none of them.
bool UnansweredDetector::AreStrangers(const EvidenceSummary& unanswered) const {
  const double expected = familiar_share_ * static_cast<double>(unanswered.failed());
  if (unanswered.familiar() == 0 && expected >= rule::kNoneFamiliar) return true;
  const double most =
      unanswered.familiar() < rule::kFamiliarUnanswered ? rule::kStrangersShare : rule::kStrangersShareOfMany;
  return expected >= rule::kFamiliarExpected && static_cast<double>(unanswered.familiar()) <= most * expected;
}

bool UnansweredDetector::Find(const SequentialTest& frozen, int usual_networks, bool kept_away, Time now,
                              Findings* f) {
  const double h = frozen.threshold();
  bool by_ack_rate = false;
  const bool none = AcknowledgesNone(h, kept_away, now, &by_ack_rate);
  // A part of the attempts is dropped here, and as many successes are missing.
  const bool a_part = lost_.Fewer(now) >= h && MostlyDropped(frozen.summary());
  if ((none || a_part) && frozen.fired())
    f->alarm = Detector::kFrozen, f->by_ack_rate = by_ack_rate || a_part;
  if ((none || a_part) && frozen.in_doubt()) f->doubt = true, f->doubtful = Detector::kFrozen;
  const bool familiar = AreFamiliar(frozen.summary()), strangers = AreStrangers(frozen.summary());
  const double granted = familiar ? 0 : BaselineSuccesses::kNaturalFall;
  const bool fewer = ack_rate_.Sum() >= (lost_replace_ ? lost_odds_ : h);
  const bool fell = !kept_away && !strangers && SuccessesFell(rule::kSuccessesFell, granted, now);
  const bool surely =
      successes_.firm() && (familiar || SuccessesFell(rule::kSuccessesFellSurely, granted, now));
  if (!f->alarm && frozen.fired() && fell && surely) f->alarm = Detector::kFrozen, f->partly = true;
  f->measured.familiar = familiar ? frozen.summary().familiar() : 0;
  // Too few sources for an alarm, but no other attempt is acknowledged either.
  const auto unguarded = [&](double at) { return (fewer || fell) && frozen.unguarded_score() >= at; };
  unanswered_.Update(frozen.fired() || unguarded(h), !frozen.in_doubt() && !unguarded(h / 2));
  partly_.Update(unanswered_ && fell && !none,
                 !unanswered_ || none || strangers || successes_.FallenLogRatio(now, granted) <= 0);
  flood_.Update(unanswered_ && !partly_ && !lost_counts_ && successes_.MatchesBaseline(now),
                !unanswered_ || partly_ || lost_counts_ || successes_.BelowBaseline(now));
  const bool asked = OfferedWithin(rule::kRecentlyAtWork, now);
  const bool idle =
      last_acknowledged_ != Time{} && silence_.ExceedsBaseline(now) && !AtWork(silence_.asked_since());
  idle_.Update(frozen.fired() && idle && !none && asked, !frozen.in_doubt() || !idle || none || !asked);
  const double usual = ack_rate_.BaselinePerSecond();
  const bool clients = ack_rate_.Sum() >= rule::kAckRateRefused && refusals_.AreClients(usual);
  refuses_.Update((fewer || clients) && refusals_.ReplaceAcknowledged(usual, usual_networks),
                  ack_rate_.Sum() < rule::kAckRateFallen || refusals_.HaveStopped(usual));
  return none || a_part;
}

Harm UnansweredDetector::harm() const {
  if (partly_) return Harm::kPartlyUnanswered;
  if (flood_) return Harm::kFlood;
  if (idle_) return Harm::kUnansweredIdle;
  if (refuses_) return Harm::kRefusesAll;
  return unanswered_ ? Harm::kUnanswered : Harm::kNone;
}

void UnansweredDetector::Measure(Time now, Measurements* m) const {
  m->answered = last_acknowledged_ != Time{};
  m->usual_known = successes_.known();
  m->successes = successes_.Since(now);
  if (silence_.SentWithin(rule::kStillSending, now)) m->sending = Sending::kYes;
  if (silence_.ExceedsBaseline(now)) m->sending = Sending::kNo;
  m->refused = refusals_.count();
  m->refused_networks = refusals_.networks();
}

void UnansweredDetector::ResetBaseline() {
  successes_ = BaselineSuccesses();
  ack_rate_ = AckRateTest();
  lost_ = LostAttempts();
  refusals_ = Refusals();
}

}  // namespace candor
