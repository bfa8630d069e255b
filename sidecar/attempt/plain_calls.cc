// SPDX-License-Identifier: Apache-2.0
#include "attempt/plain_calls.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

using std::chrono::seconds;

// Another leg that got media for this long after one fell silent shows that the node serves. Together with
// the interval of look-ups of old legs (look_interval.cc) it is below drop_silence, so their states are
// recent enough.
constexpr Duration kServedBeyond = seconds(2);
// Calls that fall silent within this of each other do so together: two packet intervals and a look-up.
constexpr Duration kTogether = seconds(1);
// Two legs are one call; three are at least two.
constexpr int kTogetherLeast = 3;
constexpr double kTogetherByChance = 1e-3;
constexpr double kMoreTogether = 1.5;  // than before
// A port of the node that sent media so shortly before another address began to send to it is in the same
// call: a NAT or a media server of the peer's is in between.
constexpr Duration kSameCall = seconds(1);
// A re-INVITE to the music and its answer take a few round trips of the signalling and of people's phones.
constexpr Duration kMayResume = seconds(5);
constexpr double kKeep = 0.99;      // remembers about 100 calls
constexpr double kCallsLeast = 5;   // before serving is expected
constexpr double kCallsKnown = 20;  // ... of calls that may be older than Candor
// The latest calls, which are compared with the baseline of all before them.
constexpr size_t kLatest = 20;
constexpr double kMinBaseline = 10;  // calls
constexpr double kMoreByChance = 1e-3;
// Learning rate while more than the baseline get nothing, as a failure lasts longer than kLatest calls.
constexpr double kLearnSlowly = 0.1;
constexpr double kRunByChance = 0.1;  // lenient: the judge decides on many calls
// The prior: half a call fell quiet in a minute of service.
constexpr double kPriorQuiet = 0.5, kPriorSeconds = 60;

// P(at least n) of a Poisson distribution.
double AtLeast(int n, double mean) {
  double term = std::exp(-mean), below = 0;
  for (int i = 0; i < n; ++i) {
    below += term;
    term *= mean / (i + 1);
  }
  return std::max(0.0, 1 - below);
}

}  // namespace

bool PlainCalls::MayResume(const Attempt& before, Time now, Duration unseen) {
  return before.bare() && before.served_at() != Time{} && now - before.last_heard() <= kMayResume + unseen;
}

void PlainCalls::Learn(const Attempt& a, PlainCall* call) {
  if (!a.bare()) return;
  forwarded_.Learn(a);
  any_out_ = std::max(any_out_, a.last_media_out());
  const bool both = a.last_media_in() >= a.last_media_out() - kServedBeyond;
  if (a.served_at() != Time{} && both) two_way_out_ = std::max(two_way_out_, a.last_media_out());
  if (a.last_media_out() != Time{}) {
    Leg& leg = legs_[LocalOf(a.keys().front())];
    if (a.last_media_out() >= leg.last_out) leg = {a.last_media_out(), a.id()};
  }
  Conclude(a, call);
  if (a.active_at() == Time{}) return;
  Running& r = running_[a.id()];
  if (r.last_out != Time{} && a.last_media_out() > r.last_out) {
    served_seconds_ += Seconds(a.last_media_out() - r.last_out);
    call->quiet = false;
  }
  r = {a.last_media_in(), a.last_media_out(), a.active_at()};
}

void PlainCalls::Forget(const Attempt& a) {
  running_.erase(a.id());
  forwarded_.Forget(a.id());
  const auto leg = legs_.find(LocalOf(a.keys().front()));
  if (leg != legs_.end() && leg->second.attempt == a.id()) legs_.erase(leg);
}

bool PlainCalls::ServedElsewhere(const Attempt& a) const {
  const auto leg = legs_.find(LocalOf(a.keys().front()));
  if (leg == legs_.end() || leg->second.attempt == a.id()) return false;
  return leg->second.last_out >= a.peer_media_since() - kSameCall;
}

// Nothing is there to be sent: the other party of a forwarded call sends nothing (it rings, holds or only
// listens), or the node sends to another address.
bool PlainCalls::MaySendNothing(const Attempt& a, const PlainCall& call) const {
  return call.resumes || ServedElsewhere(a) || forwarded_.OtherIsSilent(a);
}

void PlainCalls::Conclude(const Attempt& a, PlainCall* call) {
  const Time asked = a.peer_media_since(), served = a.served_at();
  if (asked == Time{} || (call->concluded && !call->unserved)) return;
  if (call->concluded) {
    if (served == Time{}) return;
    call->unserved = false;  // served late: the run ends
    unserved_ += run_;
    run_ = 0;
    return;
  }
  if (served != Time{} && served - asked <= media_timeout_) {
    call->concluded = true;
    NoteConcluded(false);
    served_ = served_ * kKeep + 1;
    unserved_ = unserved_ * kKeep + run_;
    run_ = 0;
  } else if (a.last_media_in() - asked >= media_timeout_ && !MaySendNothing(a, *call)) {
    call->concluded = call->unserved = true;
    NoteConcluded(true);
    ++run_;
  }
}

void PlainCalls::NoteConcluded(bool unserved) {
  latest_.push_back(unserved);
  latest_unserved_ += unserved ? 1 : 0;
  if (latest_.size() > kLatest) {
    const bool oldest = latest_.front();
    latest_.pop_front();
    latest_unserved_ -= oldest ? 1 : 0;
    const double weight = above_baseline_ ? kLearnSlowly : 1;
    const double keep = 1 - weight * (1 - kKeep);
    baseline_concluded_ = baseline_concluded_ * keep + weight;
    baseline_unserved_ = baseline_unserved_ * keep + (oldest ? weight : 0);
  }
  const double share = (baseline_unserved_ + 0.5) / (baseline_concluded_ + 1);
  const double expected = share * static_cast<double>(latest_.size());
  above_baseline_ = baseline_concluded_ >= kMinBaseline &&
                    AtLeast(static_cast<int>(latest_unserved_), expected) <= kMoreByChance;
}

bool PlainCalls::UsuallyServes() const {
  const double calls = served_ + unserved_;
  if (calls < kCallsLeast || run_ < 1) return false;
  const double unserved = (unserved_ + 0.5) / (calls + 1);
  return std::pow(unserved, run_) <= kRunByChance;
}

bool PlainCalls::OthersAreServed(const Attempt& a) const {
  const Time silent = a.last_media_out() != Time{} ? a.last_media_out() : a.first() + media_timeout_;
  return any_out_ != Time{} && any_out_ - silent >= kServedBeyond;
}

bool PlainCalls::ExpectsMedia(const Attempt& a, const PlainCall& call, bool near_start) const {
  if (role_ == Role::kRecorder || (near_start && served_ < kCallsKnown)) return false;
  if (call.one_way) return true;
  if (MaySendNothing(a, call)) return false;
  if (role_ == Role::kRelay) return UsuallyServes() && !OthersAreServed(a);
  return MoreUnservedThanBaseline() || (UsuallyServes() && !OthersAreServed(a));
}

bool PlainCalls::StoppedServing(const Attempt& a, PlainCall* call) {
  if (role_ == Role::kRecorder) return false;
  if (a.last_media_in() - std::max(a.last_media_out(), a.active_at()) < drop_silence_) return false;
  // Early media came, and nothing since the peer sends.
  if (a.served_at() == Time{}) return UsuallyServes() && two_way_out_ - a.active_at() < kServedBeyond;
  if (OthersAreServed(a)) return NoteQuiet(a, call), false;
  // A voice mailbox stops playing to record, and may stop its reports as well.
  const bool reports_stopped = role_ != Role::kVoicemail && a.node_sent_rtcp();
  if (reports_stopped || FellTogether(a)) return true;
  NoteQuiet(a, call);
  return false;
}

void PlainCalls::NoteQuiet(const Attempt& a, PlainCall* call) {
  if (call->quiet) return;
  call->quiet = true;
  int served = 0;
  baseline_together_ = std::max(baseline_together_ * kKeep, static_cast<double>(Together(a, &served)));
  quiet_calls_ = quiet_calls_ * kKeep + 1;
  served_seconds_ *= kKeep;
}

// How many calls fell quiet when `a` did, itself among them, of the `served` that could have.
int PlainCalls::Together(const Attempt& a, int* served) const {
  const Time silent = a.last_media_out();
  int together = 0;
  for (const auto& [id, r] : running_) {
    if (r.active > silent || r.last_out < silent - kTogether) continue;
    ++*served;
    if (r.last_out <= silent + kTogether && r.last_in - r.last_out >= kTogether) ++together;
  }
  return together;
}

// Calls fall quiet one by one, as on hold or after a greeting, some of them at once by chance: the more often
// calls here fall quiet, the more must do so at once to be significant. Calls that begin in a batch reach the
// end of their greeting in a batch: numbers seen before, after which the node went on, are not significant.
bool PlainCalls::FellTogether(const Attempt& a) const {
  int served = 0;
  const int together = Together(a, &served);
  if (together < kTogetherLeast || together <= kMoreTogether * baseline_together_) return false;
  const double rate = (quiet_calls_ + kPriorQuiet) / (served_seconds_ + kPriorSeconds);
  return AtLeast(together - 1, rate * served * Seconds(2 * kTogether)) <= kTogetherByChance;
}

}  // namespace candor
