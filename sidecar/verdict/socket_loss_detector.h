// SPDX-License-Identifier: Apache-2.0
//
// The sequential test of one kind of socket loss: a Bernoulli CUSUM of bad seconds against their baseline
// rate, four severities side by side. Harms only: on at h, off at half of it. Pure; one thread.
// Tested in tests/verdict/socket_detectors_test.cc.
#pragma once

#include <algorithm>

#include "evidence/baseline_bad_seconds.h"
#include "evidence/socket_seconds.h"
#include "verdict/hysteresis.h"
#include "verdict/likelihood.h"
#include "verdict/threshold.h"

namespace candor {

class SocketLossDetector {
 public:
  // The seconds since the sum last left zero; the last one while it stands there.
  struct Figures {
    uint64_t lost = 0, tried = 0;  // datagrams
    uint64_t seconds = 0, bad = 0;
    Duration window{};
  };

  // `allowance`: false alarms per 30 days, > 0.
  explicit SocketLossDetector(double allowance) : h_(Threshold(kPerSecond, allowance)) {}

  // True when a second is complete.
  bool Observe(Time at, uint64_t tried, uint64_t lost) {
    const auto second = seconds_.Add(at, tried, lost);
    if (!second) return false;
    observed_ = at;
    Weigh(*second);
    return true;
  }
  // Without seconds for a minute nothing is harmed.
  void Advance(Time now) {
    if (!observed() || now - observed_ <= rule::kSocketsStale) return;
    w_ = Float4{};
    harms_.Reset();
    figures_ = {};
  }

  double score() const { return LogMeanExp(w_); }
  double threshold() const { return h_; }
  double baseline_rate() const { return baseline_.FailureRate(); }
  bool harms() const { return bool{harms_}; }
  bool observed() const { return observed_ != Time{}; }
  const Figures& figures() const { return figures_; }

  const BaselineFailureRate::Sums& learned() const { return baseline_.sums(); }
  void Relearn(const BaselineFailureRate::Sums& s) {
    baseline_ = {};
    baseline_.set_sums(s);
  }

 private:
  static constexpr double kPerSecond = 1;

  void Weigh(const SocketSecond& s) {
    if (AreZero(w_)) figures_ = {};
    figures_.lost += s.lost, figures_.tried += s.tried;
    ++figures_.seconds, figures_.bad += s.bad() ? 1 : 0;
    figures_.window += s.span;
    const Likelihood likelihood =
        Likelihood::OfConcluded(baseline_rate(), SeverityLadder(rule::kLeastBadSeconds));
    const Float4 most = Splat(static_cast<float>(h_ + rule::kBeyondThreshold));
    w_ = Within(w_ + (s.bad() ? likelihood.failure : likelihood.success), most);
    const bool doubt = score() >= h_ / 2;
    harms_.Update(score() >= h_, !doubt);
    baseline_.Learn(s.bad(), doubt);
  }

  double h_;
  Float4 w_{};
  Hysteresis harms_;
  Time observed_{};
  Figures figures_;
  SocketSeconds seconds_;
  BaselineBadSeconds baseline_;
};

}  // namespace candor
