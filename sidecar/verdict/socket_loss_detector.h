// SPDX-License-Identifier: Apache-2.0
//
// The sequential test of one kind of socket loss: a Bernoulli CUSUM of bad seconds against their own usual
// share, four severities side by side as in the other detectors. Harms only: on at h, off at half of it.
// Pure; one thread.
#pragma once

#include <algorithm>

#include "evidence/baseline_bad_seconds.h"
#include "evidence/socket_seconds.h"
#include "verdict/likelihood.h"
#include "verdict/threshold.h"

namespace candor {

class SocketLossDetector {
 public:
  // What the sum rests on: the seconds since it last stood at zero; the last one while it does.
  struct Figures {
    uint64_t lost = 0, tried = 0;  // datagrams
    uint64_t seconds = 0, bad = 0;
    Duration window{};
  };

  // `allowance`: false alarms per 30 days, > 0.
  explicit SocketLossDetector(double allowance) : h_(Threshold(kPerSecond, allowance)) {}

  // Whether a second is over with it.
  bool Observe(Time at, uint64_t tried, uint64_t lost) {
    const auto second = seconds_.Add(at, tried, lost);
    if (!second) return false;
    heard_ = at;
    Weigh(*second);
    return true;
  }
  // Nothing is harmed where nothing is sent any more, or nothing can be read.
  void Advance(Time now) {
    if (!heard() || now - heard_ <= kStale) return;
    w_ = Float4{};
    harms_ = false;
    figures_ = {};
  }

  double z() const { return LogMeanExp(w_); }
  double h() const { return h_; }
  double usual() const { return usual_.FailureRate(); }
  bool harms() const { return harms_; }
  bool heard() const { return heard_ != Time{}; }
  const Figures& figures() const { return figures_; }

  const BaselineFailureRate::Sums& learned() const { return usual_.sums(); }
  void Relearn(const BaselineFailureRate::Sums& s) {
    usual_ = {};
    usual_.set_sums(s);
  }

 private:
  static constexpr double kPerSecond = 1;
  static constexpr Duration kStale = std::chrono::minutes(1);
  // Fewer than three bad seconds in ten come and go with scenes that are cut and calls that begin.
  static Float4 Ladder() { return SeverityLadder(0.3); }

  void Weigh(const SocketSecond& s) {
    if (AreZero(w_)) figures_ = {};
    figures_.lost += s.lost, figures_.tried += s.tried;
    ++figures_.seconds, figures_.bad += s.bad() ? 1 : 0;
    figures_.window += s.span;
    const Likelihood likelihood = Likelihood::OfSettled(usual(), Ladder());
    // No higher than what one story alone needs to raise the alarm, and a little: recovery is not to be late.
    const Float4 most = Splat(static_cast<float>(h_ + 2));
    w_ = Within(w_ + (s.bad() ? likelihood.against_node : likelihood.for_node), most);
    const bool doubt = z() >= h_ / 2;
    harms_ = z() >= h_ || (harms_ && doubt);
    usual_.Learn(s.bad(), doubt);
  }

  double h_;
  Float4 w_{};
  bool harms_ = false;
  Time heard_{};
  Figures figures_;
  SocketSeconds seconds_;
  BaselineBadSeconds usual_;
};

}  // namespace candor
