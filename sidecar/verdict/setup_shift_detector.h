// SPDX-License-Identifier: Apache-2.0
//
// The detector of a shift of all setup times: a sign test against several times the baseline median.
// slow_setup looks at the slow end only, from 1.5 s on, and does not see a node whose clients all wait 1.1 s
// where 28 ms are usual. Harms only. Pure; one thread.
// Tested in tests/verdict/setup_shift_detector_test.cc.
#pragma once

#include <array>

#include "evidence/attempt_evidence.h"
#include "evidence/baseline.h"
#include "verdict/hysteresis.h"
#include "verdict/sequential_test.h"

namespace candor {

class SetupShiftDetector {
 public:
  // `allowed`: false alarms of the whole judge per 30 days, > 0.
  SetupShiftDetector(double allowed, const ContributionOptions& contributions);

  // `surge`: Widening::surge.
  void Tune(const Baseline& baseline, double surge);
  void SetRate(double per_second) { test_.SetRate(per_second); }
  // An attempt became active after `setup`.
  void Add(Duration setup) { last_[added_++ % last_.size()] = setup; }
  // The last setups in terms of the baseline's: a power of two in [1, 64].
  double Slowdown(const Baseline& baseline) const;
  // A concluded attempt, in order of arrival.
  void Commit(const AttemptRecord& r, Time now) { test_.Commit(r, Of(r, now)); }
  // Adds the pending attempts that arrived at `from` or later; see SequentialTest::Weigh().
  void Weigh(const AttemptEvidence& evidence, Time now, Time from, bool exactly);
  void Reset() { test_.Reset(); }

  // `clients_fail`: some networks fail by themselves, and look slow before they look failed.
  void UpdateHarm(bool clients_fail) { harms_.Update(test_.fired() && !clients_fail, !test_.in_doubt()); }
  bool harms() const { return bool{harms_}; }

  const SequentialTest& test() const { return test_; }
  // Slower than this is slow; Duration::max(): not known yet.
  Duration limit() const { return contributions_.slow; }
  Duration usual_median() const { return median_; }

 private:
  Contribution Of(const AttemptRecord& r, Time now) const {
    return ContributionOf(Detector::kSlowSetup, r, now, contributions_);
  }

  ContributionOptions contributions_;
  SequentialTest test_;
  Hysteresis harms_;
  Duration median_{};
  std::array<Duration, 16> last_{};
  size_t added_ = 0;
};

}  // namespace candor
