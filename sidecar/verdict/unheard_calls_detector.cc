// SPDX-License-Identifier: Apache-2.0
#include "verdict/unheard_calls_detector.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

using std::chrono::seconds;

// The share of reports with which a call goes unheard: one in two hundred where each call is held once.
constexpr BaselineFailureRateOptions kShare{0.01, 0.30, 0.03, 50, 100};
constexpr Duration kMinute = seconds(60);
// How long a call's last report tells, at least and at most.
constexpr Duration kWindow = seconds(30), kLongestWindow = std::chrono::minutes(20);
// Times the mean between reports: look-ups of one call are up to 1.5 times as far apart as the mean.
constexpr double kWindowGaps = 3;
constexpr size_t kMostCalls = 65536;
constexpr double kShareMemory = 3600, kGapMemory = 900;  // seconds

}  // namespace

UnheardCallsDetector::UnheardCallsDetector(const JudgeOptions& options, ClientNetworkOptions networks)
    : networks_(std::move(networks)),
      test_(Detector::kMediaNotReceived, SeverityLadder(rule::kLeastUnheardShare),
            options.false_alarms_per_month * rule::kUnheardCallsBudget),
      baseline_(kShare) {
  Tune();
}

std::optional<bool> UnheardCallsDetector::Observe(const AttemptEvent& e, Time since) {
  using Kind = AttemptEvent::Kind;
  if (e.kind == Kind::kDead || e.kind == Kind::kClosed) calls_.erase(e.id);
  if (e.kind != Kind::kReported) return std::nullopt;
  const auto found = calls_.find(e.id);
  if (e.received == Received::kUnknown || (found == calls_.end() && calls_.size() >= kMostCalls)) {
    if (found != calls_.end()) found->second.unheard = false;  // the node pauses, or no report comes
    return std::nullopt;
  }
  Call& c = found != calls_.end() ? found->second : calls_[e.id];
  const ClientNetwork n = networks_.Of(e.peer);
  const bool nothing = e.received == Received::kNothing;
  const bool unproven = nothing && c.heard == Time{} && !HeardBefore(n, e.at);
  if (unproven && !Resumed(e.at)) return std::nullopt;
  if (!nothing) NoteGap(c, e.at);
  last_report_ = std::max(last_report_, e.at);
  c.at = e.at;
  c.unheard = nothing;
  c.unproven = unproven;
  c.peer = e.peer, c.network = n;
  if (!nothing) {
    c.heard = e.at;
    c.counted = c.weighed = false;
    heard_at_[n.bucket] = e.at;
    heard_networks_.Count(n, e.at);
    Learn(false);
    Commit(e.id, c, false);
  } else if (!c.counted) {
    c.counted = true;
    c.weighed = unproven || !judged();  // too early
    c.since = e.at;
    if (!unproven) Learn(true);
  }
  if (unproven && !believed_) return std::nullopt;
  if (c.told != Time{} && c.told >= since && c.told_nothing == nothing) return std::nullopt;
  c.told = e.at, c.told_nothing = nothing;
  return nothing;
}

bool UnheardCallsDetector::HeardBefore(const ClientNetwork& n, Time at) const {
  return heard_at_[n.bucket] != Time{} && at - heard_at_[n.bucket] <= rule::kHeardBefore;
}

void UnheardCallsDetector::NoteGap(const Call& c, Time at) {
  if (c.heard == Time{} || c.unheard) return;
  const double gap = std::max(0.0, Seconds(at - c.heard));
  gaps_ += gap, squares_ += gap * gap;
}

// The mean over time, not over reports: young calls are looked up more often than the others.
Duration UnheardCallsDetector::Window() const {
  const double mean = gaps_ > 0 ? squares_ / gaps_ : 0;
  return std::clamp<Duration>(FromSeconds(kWindowGaps * mean), kWindow, kLongestWindow);
}

void UnheardCallsDetector::Learn(bool failed) {
  ++per_second_;
  ++learned_;
  baseline_.Learn(failed, Suspected());
}

void UnheardCallsDetector::Commit(uint64_t id, const Call& c, bool failed) {
  if (!judged()) return;
  AttemptRecord r;
  r.id = id;
  r.start = failed ? c.since : c.at;
  r.peer = c.peer;
  r.network = c.network;
  r.phase = Phase::kActive;
  r.acknowledged = r.counted = true;
  if (failed) r.waiting_on = WaitingOn::kPath;
  test_.Commit(r, {failed ? Contribution::Kind::kFailure : Contribution::Kind::kSuccess, 1});
}

// While fewer than most are unheard they may be a team on hold.
void UnheardCallsDetector::WeighUnheard() {
  if (!Most() || !judged()) return;
  for (auto& [id, c] : calls_) {
    if (!c.unheard || c.weighed) continue;
    c.weighed = true;
    Commit(id, c, true);
  }
}

UnheardCallsDetector::Tally UnheardCallsDetector::Count(Time now, bool unproven) const {
  Tally t;
  const Duration window = Window();
  for (const auto& [id, c] : calls_) {
    if (now - c.at > window || c.counted != c.unheard || (c.unproven && !unproven)) continue;
    ++t.reporting;
    if (!c.unheard) continue;
    ++t.unheard;
    t.networks.set(c.network.bucket);
    if (c.network.trusted) ++t.trusted;
    if (c.heard <= alarmed_) ++t.lasting;
  }
  return t;
}

// Where more than a quarter hears the node, those that were never heard may be phones that never report what
// they receive.
void UnheardCallsDetector::Count(Time now) {
  std::erase_if(calls_, [&](const auto& c) { return now - c.second.at > kLongestWindow; });
  tally_ = Count(now, Resumed(now));
  believed_ = 4 * tally_.unheard >= 3 * tally_.reporting;
  if (!believed_) tally_ = Count(now, false);
}

void UnheardCallsDetector::LearnShare() {
  if (reporting() == 0 || Suspected()) return;
  known_ += 1;
  const double weight = 1 / std::min(known_, kShareMemory);
  const double share = static_cast<double>(unheard()) / static_cast<double>(reporting());
  usual_share_ += (share - usual_share_) * weight;
}

bool UnheardCallsDetector::NearlyAll() const {
  return unheard() >= rule::kLeastUnheardToFail && 10 * unheard() >= 9 * reporting() &&
         learned_ >= rule::kReportsToFail && known_ >= rule::kUnheardKnown &&
         usual_share_ <= rule::kMostUsuallyUnheard;
}

// A few phones on hold that were heard since the alarm are no part of it.
bool UnheardCallsDetector::Stands() const {
  const bool agree = static_cast<int>(tally_.networks.count()) >= rule::kEnoughNetworks;
  return Most() &&
         (agree || tally_.trusted >= rule::kLeastUnheardToFail || tally_.lasting >= rule::kLeastUnheard);
}

void UnheardCallsDetector::Tune() {
  test_.SetRate(std::max(0.1, per_second_ / Seconds(kMinute)));
  const double rate = baseline_.FailureRate();
  test_.Tune(rate, Likelihood::OfConcluded(rate, test_.severities()));
}

void UnheardCallsDetector::Weigh(Time now) {
  const bool second = counted_ == Time{} || now - counted_ >= seconds(1);
  if (second) {
    const double elapsed = counted_ != Time{} ? Seconds(now - counted_) : 0;
    per_second_ *= std::exp(-elapsed / Seconds(kMinute));
    gaps_ *= std::exp(-elapsed / kGapMemory), squares_ *= std::exp(-elapsed / kGapMemory);
    counted_ = now;
    Count(now);
    WeighUnheard();
    Tune();
  }
  if (last_report_ != Time{} && now - last_report_ > rule::kMediaStale) Reset();
  test_.Weigh(test_.Ceiling(), second, [](bool) {});
  if (second) LearnShare();
  const bool few = heard_networks_.Recent(now) < rule::kEnoughNetworks;
  harms_.Update(test_.fired() || (few && test_.held_back()), !test_.Doubtful() && !Most());
  const bool before = alarm_;
  alarm_ = alarm_ || Resumed(now) ? Stands() : test_.fired() && NearlyAll();
  if (alarm_ && !before && !Resumed(now)) alarmed_ = now;
}

void UnheardCallsDetector::Reset() {
  test_.Reset();
  harms_.Reset();
}

void UnheardCallsDetector::ResetBaseline() {
  Reset();
  baseline_ = BaselineBadSeconds(kShare);
  learned_ = known_ = usual_share_ = 0;
  heard_at_ = {};
  heard_networks_ = {};
  for (auto& [id, c] : calls_) c.weighed = c.counted;
  Tune();
}

void UnheardCallsDetector::Resume(Time now) {
  resumed_ = alarmed_ = now;
  believed_ = true;
}

void UnheardCallsDetector::Settle() {
  resumed_ = Time{};
  std::erase_if(calls_, [](const auto& c) { return c.second.unproven; });
}

}  // namespace candor
