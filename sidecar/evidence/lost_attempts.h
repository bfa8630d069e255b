// SPDX-License-Identifier: Apache-2.0
//
// Attempts whose packets were all dropped before a socket of this node, against those that get through. A
// healthy firewall drops strangers, blocked countries and floods by design, and anyone can send to a closed
// port: alone they say nothing. They count where they replace the attempts that used to be acknowledged, or
// where the successes fall by their share while no more attempts come than usual: strangers are added to the
// clients, and do not replace them. Pure; one thread.
// Tested in tests/evidence/lost_attempts_test.cc.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <utility>

#include "evidence/attempt_record.h"
#include "evidence/baseline_successes.h"
#include "evidence/exponential_decay.h"

namespace candor {

class LostAttempts {
 public:
  // What outlives the process: the successes, and the usual rate of lost attempts.
  struct Learned {
    BaselineSuccesses::Learned successes;
    double per_second = 0, dispersion = 1;
    bool Sensible() const {
      return successes.Sensible() && per_second <= 1e6 && dispersion >= 1 && dispersion <= kMostDispersion;
    }
  };
  Learned Save() const {
    return {successes_.Save(), UsualPerSecond(), std::clamp(dispersion_, 1.0, kMostDispersion)};
  }
  // What Save() gave `age` ago. The usual rate weighs ten minutes: that of strangers changes. False, and
  // nothing changes: it makes no sense.
  bool Restore(const Learned& l, Duration age) {
    if (!l.Sensible() || !successes_.Restore(l.successes, age)) return false;
    span_ = kRestored, count_ = l.per_second * kRestored, rate_ = l.per_second;
    dispersion_ = l.dispersion;
    return true;
  }

  // An attempt whose packets were all dropped; it is no retry.
  void Offered(const AttemptRecord& r) {
    rate_ += 1 / kMemory;
    unlearned_ += 1;
    latest_.push_back(r.start);
    if (latest_.size() > kMostLatest) latest_.pop_front();
    if (run_++ == 0) run_since_ = r.start;
    if (r.network.trusted) ++trusted_run_, trusted_.rate += 1 / kTrustedMemory, ++trusted_.unlearned;
    successes_.Offered();
  }
  // Of attempts that reach their sockets.
  void OfferedAtSocket() { successes_.Offered(); }
  void Acknowledged() {
    run_ = trusted_run_ = 0;
    successes_.Acknowledged();
  }
  void Succeeded() { successes_.Succeeded(); }

  // `falling`: fewer attempts than usual are acknowledged; the rate of lost ones is not learned meanwhile.
  void Advance(Time now, bool falling) {
    if (advanced_ == Time{}) advanced_ = now;
    const Duration since = now - advanced_;
    if (since <= Duration(0)) return;
    advanced_ = now;
    rate_ *= decay_.Keep(since);
    Suspect();
    SuspectOfTrusted(Seconds(since));
    successes_.Advance(now, suspected_, ExcessSince());
    if (falling || Fewer(now) >= kDoubt) {
      unlearned_ = in_block_ = 0;
      block_since_ = now;
      return;
    }
    const double keep = std::exp(-Seconds(since) / kUsualMemory);
    LearnDispersion(now);
    count_ = count_ * keep + unlearned_;
    span_ = span_ * keep + Seconds(since);
    unlearned_ = 0;
  }

  // Since the last acknowledgement this many and more than usual were lost, at a quarter of the rate at which
  // attempts used to be acknowledged (`per_second`) or more.
  bool ReplaceAcknowledged(double per_second, Time now) const {
    if (run_ < kRun) return false;
    const double elapsed = std::max(0.0, Seconds(now - run_since_));
    const double usual = UsualPerSecond() * elapsed;
    const double excess = static_cast<double>(run_) - usual - kStandardErrors * std::sqrt(usual);
    return excess >= std::max(static_cast<double>(kRun) / 2, kShare * per_second * elapsed);
  }
  // So many more than the acknowledged ones and the lost ones used to be that only these arrivals rose.
  bool OnlyTheyRose(double most_per_second) const { return rate_ > most_per_second + UsualPerSecond(); }
  // Of trusted sources six and more within some ten seconds, beyond what is usual of them. What lasts an hour
  // is.
  bool trusted_lost() const { return trusted_.lost; }
  Time run_since() const { return run_since_; }  // arrival of the first one since the last acknowledgement
  uint64_t trusted_run() const { return trusted_run_; }

  // The log-likelihood ratio of "fewer successes, by the share of attempts that are lost" to "as many as
  // usual, but for a natural fall", while more are lost than usual and no more attempts come; at least 0.
  double Fewer(Time now) const {
    if (!suspected_ || successes_.ArrivalsRose(now)) return 0;
    return std::max(0.0, successes_.FallenLogRatio(now));
  }

  double UsualPerSecond() const { return count_ / span_; }

 private:
  // So many more than usual that chance does not explain it: the variance of the decayed rate is usual /
  // (2 kMemory) where strangers come one by one.
  void Suspect() {
    const double excess = rate_ - UsualPerSecond();
    const double least = std::max(kLeastCount / kMemory, kLeastShare * successes_.BaselinePerSecond());
    const double chance = kStandardErrors * std::sqrt(dispersion_ * UsualPerSecond() / (2 * kMemory));
    suspected_ = excess >= (least + chance) * (suspected_ ? 0.5 : 1);
  }
  void SuspectOfTrusted(double seconds) {
    Trusted& t = trusted_;
    const double keep = std::exp(-seconds / kTrustedUsual);
    t.rate *= std::exp(-seconds / kTrustedMemory);
    t.count = t.count * keep + std::exchange(t.unlearned, 0.0);
    t.span = t.span * keep + seconds;
    const double usual = t.count / t.span, few = static_cast<double>(kRun - 1) / kTrustedMemory;
    const double least = few + kStandardErrors * std::sqrt(usual / (2 * kTrustedMemory));
    t.lost = t.rate - usual >= least * (t.lost ? 0.25 : 1);
  }
  // When the lost attempts began that are more than usual: the suspicion comes later. Time{}: it does not
  // hold.
  Time ExcessSince() const {
    if (!suspected_ || latest_.empty()) return Time{};
    const double excess = std::max(1.0, std::round((rate_ - UsualPerSecond()) * kMemory));
    const auto back = std::min(static_cast<size_t>(excess), latest_.size());
    return latest_[latest_.size() - back];
  }
  void LearnDispersion(Time now) {
    if (block_since_ == Time{}) block_since_ = now;
    in_block_ += unlearned_;
    const double span = Seconds(now - block_since_);
    if (span < kMemory) return;
    const double usual = UsualPerSecond() * span, off = in_block_ - usual;
    const double of_block = std::min(kMostDispersion, off * off / std::max(1.0, usual));
    const bool known = span_ >= kUsualKnown;  // else what is usual from the beginning looks like a burst
    if (known) dispersion_ = std::max(1.0, dispersion_ + (of_block - dispersion_) / kDispersionMemory);
    in_block_ = 0;
    block_since_ = now;
  }

  static constexpr uint64_t kRun = 6;  // as in a run of unanswered attempts
  static constexpr double kShare = 0.25, kStandardErrors = 3;
  // Of the suspicion: so many within kMemory, and so large a share of the successes, more than usual.
  static constexpr double kLeastCount = 4, kLeastShare = 0.08;
  static constexpr double kDoubt = 2;                                 // from here on they are not usual yet
  static constexpr double kMemory = 30, kUsualMemory = 900;           // seconds
  static constexpr double kRestored = 600;                            // seconds of span_
  static constexpr double kTrustedMemory = 10, kTrustedUsual = 1800;  // seconds
  static constexpr double kUsualKnown = 400;                          // seconds of span_
  static constexpr double kDispersionMemory = 30;                     // blocks of kMemory
  static constexpr double kMostDispersion = 50;  // of one block: one scan is not learned for hours

  ExponentialDecay decay_{kMemory};
  double rate_ = 0;        // a second
  double count_ = 0;       // usual: attempts in `span_`, exponentially decayed
  double span_ = 60;       // seconds; the prior is a minute without any
  double unlearned_ = 0;   // attempts since `advanced_`
  double dispersion_ = 1;  // variance of the attempts of a block relative to Poisson's
  double in_block_ = 0;    // attempts since block_since_
  Time block_since_{};
  static constexpr size_t kMostLatest = 256;
  std::deque<Time> latest_;  // arrivals of lost attempts
  struct Trusted {
    double rate = 0, count = 0, span = 60, unlearned = 0;  // as of all
    bool lost = false;
  } trusted_;
  uint64_t run_ = 0, trusted_run_ = 0;
  Time run_since_{}, advanced_{};
  bool suspected_ = false;
  BaselineSuccesses successes_;
};

}  // namespace candor
