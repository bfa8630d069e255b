// SPDX-License-Identifier: Apache-2.0
//
// Whether nearly everybody's setup time has risen far above the usual: a sign test against several times the
// usual median. The channel kSlowSetup looks at the slow end alone, from 1.5 s on, and does not see a node
// whose clients all wait 1.1 s where 28 ms are usual. Harms only. Pure; one thread.
#pragma once

#include <array>

#include "evidence/baseline.h"
#include "evidence/docket.h"
#include "verdict/channel_test.h"

namespace candor {

class SetupShift {
 public:
  // The part of knob 1 (panel.cc has the table).
  static constexpr double kAllowance = 0.03;

  // `allowed`: false alarms of the whole judge per 30 days.
  SetupShift(double allowed, const StanceOptions& stances);

  // `widening`: as in Panel::Tune().
  void Tune(const Baseline& baseline, double widening);
  void SetRate(double per_second) { test_.SetRate(per_second); }
  // An attempt became active after so long.
  void Came(Duration setup) { last_[came_++ % last_.size()] = setup; }
  // How many times as long as usual the last few took, as a power of two in [1, 64].
  double Slowdown(const Baseline& baseline) const;
  // A settled attempt, in order of arrival.
  void Commit(const AttemptRecord& r, Time now) { test_.Commit(r, Of(r, now)); }
  // Adds what is pending on top of what is settled, as in Panel::Weigh().
  void Weigh(const Docket& docket, Time now, Time from, bool exactly);
  void Reset() { test_.Reset(); }

  const ChannelTest& test() const { return test_; }
  // Slower than this is slow; Duration::max(): not known yet.
  Duration limit() const { return stances_.slow; }
  Duration usual_median() const { return median_; }

 private:
  Stance Of(const AttemptRecord& r, Time now) const {
    return StanceOf(Channel::kSlowSetup, r, now, stances_);
  }
  void Try(const Docket& docket, Time now, Time from, bool told);

  StanceOptions stances_;
  ChannelTest test_;
  Duration median_{};
  std::array<Duration, 16> last_{};
  size_t came_ = 0;
};

}  // namespace candor
