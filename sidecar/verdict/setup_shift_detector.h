// SPDX-License-Identifier: Apache-2.0
//
// Whether nearly everybody's setup time has risen far above the usual: a sign test against several times the
// usual median. The detector kSlowSetup looks at the slow end alone, from 1.5 s on, and does not see a node
// whose clients all wait 1.1 s where 28 ms are usual. Harms only. Pure; one thread.
#pragma once

#include <array>

#include "evidence/attempt_evidence.h"
#include "evidence/baseline.h"
#include "verdict/sequential_test.h"

namespace candor {

class SetupShiftDetector {
 public:
  // The part of knob 1 (detector_bank.cc has the table).
  static constexpr double kAllowance = 0.03;

  // `allowed`: false alarms of the whole judge per 30 days.
  SetupShiftDetector(double allowed, const ContributionOptions& contributions);

  // `widening`: as in DetectorBank::Tune().
  void Tune(const Baseline& baseline, double widening);
  void SetRate(double per_second) { test_.SetRate(per_second); }
  // An attempt became active after so long.
  void Came(Duration setup) { last_[came_++ % last_.size()] = setup; }
  // How many times as long as usual the last few took, as a power of two in [1, 64].
  double Slowdown(const Baseline& baseline) const;
  // A concluded attempt, in order of arrival.
  void Commit(const AttemptRecord& r, Time now) { test_.Commit(r, Of(r, now)); }
  // Adds what is pending on top of what is concluded, as in DetectorBank::Weigh().
  void Weigh(const AttemptEvidence& evidence, Time now, Time from, bool exactly);
  void Reset() { test_.Reset(); }

  const SequentialTest& test() const { return test_; }
  // Slower than this is slow; Duration::max(): not known yet.
  Duration limit() const { return contributions_.slow; }
  Duration usual_median() const { return median_; }

 private:
  Contribution Of(const AttemptRecord& r, Time now) const {
    return ContributionOf(Detector::kSlowSetup, r, now, contributions_);
  }
  void Try(const AttemptEvidence& evidence, Time now, Time from, bool told);

  ContributionOptions contributions_;
  SequentialTest test_;
  Duration median_{};
  std::array<Duration, 16> last_{};
  size_t came_ = 0;
};

}  // namespace candor
