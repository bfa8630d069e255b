// SPDX-License-Identifier: Apache-2.0
#include "verdict/muted_calls_detector.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

using std::chrono::seconds;

// The share of look-ups at which a call has just fallen silent. Where speakers alternate without comfort
// noise it is a sixth.
constexpr BaselineFailureRateOptions kShare{0.01, 0.30, 0.03, 50, 100};
constexpr Duration kSameMoment = seconds(1);
constexpr Duration kMinute = seconds(60);
constexpr size_t kMostFalls = 4096, kMostCalls = 65536;
constexpr double kLeastBurst = 2;  // falls silent at once by chance
constexpr double kBeyondBurst = 1.5;
constexpr double kWeekSeconds = 7 * 86400.0;

bool MayFallSilent(Role r) { return r == Role::kRecorder || r == Role::kVoicemail; }

}  // namespace

MutedCallsDetector::MutedCallsDetector(const JudgeOptions& options, ClientNetworkOptions networks)
    : role_(options.role),
      networks_(std::move(networks)),
      test_(Detector::kCallsMuted, SeverityLadder(options.smallest_share),
            options.false_alarms_per_month * rule::kMutedCallsBudget),
      baseline_(kShare) {}

void MutedCallsDetector::Observe(const AttemptEvent& e) {
  using Kind = AttemptEvent::Kind;
  if (e.kind == Kind::kDead || e.kind == Kind::kClosed) {
    silent_.erase(e.id);
    seen_.erase(e.id);
    return;
  }
  if (e.kind != Kind::kRunning || MayFallSilent(role_)) return;
  if (e.service == Service::kNodeSilent) return FellSilent(e);
  silent_.erase(e.id);
  if (e.service == Service::kBothWays) Served(e);
}

void MutedCallsDetector::Served(const AttemptEvent& e) {
  if (seen_.size() < kMostCalls || seen_.contains(e.id)) seen_[e.id] = e.at;
  Commit(e, {Contribution::Kind::kSuccess, 1});
}

// Once for each silence.
void MutedCallsDetector::FellSilent(const AttemptEvent& e) {
  if (silent_.size() >= kMostCalls || !silent_.emplace(e.id, e.one_way_since).second) return;
  seen_.erase(e.id);
  falls_.push_back({e.one_way_since, e.id, 1});
  if (falls_.size() > kMostFalls) falls_.pop_front();
  const auto together = static_cast<double>(Together(e.one_way_since));
  const bool usual = together <= kBeyondBurst * std::max(kLeastBurst, usual_burst_);
  Commit(e, {Contribution::Kind::kFailure, usual ? static_cast<float>(1 / together) : 1.0f});
}

size_t MutedCallsDetector::Together(Time at) {
  size_t n = 0;
  for (const Fall& f : falls_) n += f.at >= at - kSameMoment && f.at <= at + kSameMoment ? 1 : 0;
  falls_.back().together = n;
  return n;
}

void MutedCallsDetector::Commit(const AttemptEvent& e, Contribution c) {
  AttemptRecord r;
  r.id = e.id;
  r.start = e.at;
  r.peer = e.peer;
  r.network = networks_.Of(e.peer);
  r.phase = e.phase;
  r.acknowledged = r.counted = true;
  const bool failed = c.kind == Contribution::Kind::kFailure;
  if (failed) r.waiting_on = WaitingOn::kNode;
  last_look_ = std::max(last_look_, e.at);
  ++per_second_;
  ++learned_;
  if (failed && learned_ <= rule::kLookupsToFail) ++fell_;
  baseline_.Learn(failed, test_.Doubtful());
  if (judged()) test_.Commit(r, c);
}

// How many fall silent at once while the node goes on serving, or send again soon.
void MutedCallsDetector::LearnBursts(Time now) {
  if (burst_learned_ != Time{}) usual_burst_ *= std::exp(-Seconds(now - burst_learned_) / kWeekSeconds);
  burst_learned_ = now;
  for (; !falls_.empty() && now - falls_.front().at > kMinute; falls_.pop_front()) {
    const Fall& f = falls_.front();
    const auto stays = [&](const Fall& other) {
      const auto it = silent_.find(other.id);
      return it != silent_.end() && it->second == other.at;
    };
    const bool learn =
        !test_.Doubtful() ||
        2 * static_cast<size_t>(std::count_if(falls_.begin(), falls_.end(), stays)) < falls_.size();
    if (learn) usual_burst_ = std::max(usual_burst_, static_cast<double>(f.together));
  }
}

void MutedCallsDetector::Count(Time now) {
  std::erase_if(seen_, [&](const auto& s) { return now - s.second > kMinute; });
  muted_ = static_cast<uint64_t>(std::count_if(falls_.begin(), falls_.end(), [&](const Fall& f) {
    const auto it = silent_.find(f.id);
    return it != silent_.end() && it->second == f.at;
  }));
  running_ = muted_ + seen_.size();
}

// The baseline takes some minutes. Until then it is what fell silent before those that do now, widened: on a
// node where speakers alternate calls fall silent from the first moment on.
double MutedCallsDetector::UsualShare() const {
  if (learned_ > rule::kLookupsToFail) return baseline_.FailureRate();
  const auto now = static_cast<double>(std::count_if(
      falls_.begin(), falls_.end(), [&](const Fall& f) { return f.at >= falls_.back().at - kSameMoment; }));
  const double before = std::max(0.0, fell_ - now);
  return std::clamp((before + rule::kYoungFalls) / (learned_ + rule::kYoungLookups), kShare.lowest,
                    kShare.highest);
}

void MutedCallsDetector::Weigh(Time now, bool few_networks) {
  const bool second = counted_ == Time{} || now - counted_ >= seconds(1);
  if (second) {
    if (counted_ != Time{}) {
      const double keep = std::exp(-Seconds(now - counted_) / Seconds(kMinute));
      per_second_ *= keep;
    }
    counted_ = now;
    LearnBursts(now);
    Count(now);
    test_.SetRate(std::max(0.1, per_second_ / Seconds(kMinute)));
    const double rate = UsualShare();
    test_.Tune(rate, Likelihood::OfConcluded(rate, test_.severities()));
  }
  if (last_look_ != Time{} && now - last_look_ > rule::kMediaStale) Reset();
  test_.Weigh(test_.Ceiling(), second, [](bool) {});
  const bool stay = muted_ >= rule::kLeastMuted && 2 * muted_ >= test_.summary().failed();
  const bool fires = test_.fired() || (few_networks && test_.held_back()), over = !test_.Doubtful() && !stay;
  if (over) fires_since_ = Time{};
  if (fires && fires_since_ == Time{}) fires_since_ = now;
  // How many fall silent at once is not known of a young node: a conference pauses for less than that.
  const bool lasts = stay && fires_since_ != Time{} && now - fires_since_ >= rule::kYoungSilence;
  harms_.Update(learned_ >= rule::kLookupsToFail ? fires : lasts, over);
  if (!harms_) fired_since_ = Time{};
  if (test_.fired() && fired_since_ == Time{}) fired_since_ = now;
  alarm_ = stay && learned_ >= rule::kLookupsToFail && fired_since_ != Time{} &&
           now - fired_since_ >= rule::kMutedForGood;
}

void MutedCallsDetector::Reset() {
  test_.Reset();
  harms_.Reset();
  alarm_ = false;
  fired_since_ = fires_since_ = Time{};
}

}  // namespace candor
