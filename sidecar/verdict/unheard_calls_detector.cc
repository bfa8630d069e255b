// SPDX-License-Identifier: Apache-2.0
#include "verdict/unheard_calls_detector.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

using std::chrono::seconds;

// The share of reports with which a call goes unheard: one in two hundred where each call is held once.
constexpr BaselineFailureRateOptions kShare{0.01, 0.30, 0.03, 50, 100};
constexpr Duration kWindow = seconds(30), kMinute = seconds(60);
constexpr size_t kMostCalls = 65536;
constexpr double kShareMemory = 3600;  // seconds

}  // namespace

UnheardCallsDetector::UnheardCallsDetector(const JudgeOptions& options, ClientNetworkOptions networks)
    : networks_(std::move(networks)),
      test_(Detector::kMediaNotReceived, SeverityLadder(rule::kLeastUnheardShare),
            options.false_alarms_per_month * rule::kUnheardCallsBudget),
      baseline_(kShare) {}

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
  if (nothing && !c.heard &&
      (heard_at_[n.bucket] == Time{} || e.at - heard_at_[n.bucket] > rule::kHeardBefore))
    return std::nullopt;
  c.at = e.at;
  c.unheard = nothing;
  c.peer = e.peer, c.network = n;
  if (!nothing) {
    c.heard = true;
    c.counted = c.weighed = false;
    heard_at_[n.bucket] = e.at;
    heard_networks_.Count(n, e.at);
    Learn(false, e.at);
    Commit(e.id, c, false);
  } else if (!c.counted) {
    c.counted = true;
    c.weighed = !judged();  // too early
    c.since = e.at;
    Learn(true, e.at);
  }
  if (c.told != Time{} && c.told >= since && c.told_nothing == nothing) return std::nullopt;
  c.told = e.at, c.told_nothing = nothing;
  return nothing;
}

void UnheardCallsDetector::Learn(bool failed, Time at) {
  last_report_ = std::max(last_report_, at);
  ++per_second_;
  ++learned_;
  baseline_.Learn(failed, test_.Doubtful());
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

void UnheardCallsDetector::Count(Time now) {
  unheard_ = reporting_ = 0;
  std::erase_if(calls_, [&](const auto& c) { return now - c.second.at > kMinute; });
  for (const auto& [id, c] : calls_) {
    if (now - c.at > kWindow || c.counted != c.unheard) continue;
    ++reporting_;
    unheard_ += c.unheard ? 1 : 0;
  }
}

void UnheardCallsDetector::LearnShare() {
  if (reporting_ == 0 || test_.Doubtful() || alarm_) return;
  known_ += 1;
  const double weight = 1 / std::min(known_, kShareMemory);
  const double share = static_cast<double>(unheard_) / static_cast<double>(reporting_);
  usual_share_ += (share - usual_share_) * weight;
}

bool UnheardCallsDetector::NearlyAll() const {
  return unheard_ >= rule::kLeastUnheardToFail && 10 * unheard_ >= 9 * reporting_ &&
         learned_ >= rule::kReportsToFail && known_ >= rule::kUnheardKnown &&
         usual_share_ <= rule::kMostUsuallyUnheard;
}

void UnheardCallsDetector::Weigh(Time now) {
  const bool second = counted_ == Time{} || now - counted_ >= seconds(1);
  if (second) {
    if (counted_ != Time{}) per_second_ *= std::exp(-Seconds(now - counted_) / Seconds(kMinute));
    counted_ = now;
    Count(now);
    WeighUnheard();
    test_.SetRate(std::max(0.1, per_second_ / Seconds(kMinute)));
    const double rate = baseline_.FailureRate();
    test_.Tune(rate, Likelihood::OfConcluded(rate, test_.severities()));
  }
  if (last_report_ != Time{} && now - last_report_ > rule::kMediaStale) Reset();
  test_.Weigh(test_.Ceiling(), second, [](bool) {});
  if (second) LearnShare();
  const bool few = heard_networks_.Recent(now) < rule::kEnoughNetworks;
  harms_.Update(test_.fired() || (few && test_.held_back()), !test_.Doubtful() && !Most());
  alarm_ = alarm_ ? Most() : test_.fired() && NearlyAll();
}

void UnheardCallsDetector::Reset() {
  test_.Reset();
  harms_.Reset();
}

}  // namespace candor
