// SPDX-License-Identifier: Apache-2.0
#include "verdict/attempt_detectors.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

class AttemptDetectorsTest : public testing::Test {
 protected:
  AttemptDetectorsTest() { Tune({1, 1}, true); }

  void Tune(const Widening& widening, bool learned) {
    detectors_.SetRate(1);
    detectors_.Tune(baseline_, Time(std::chrono::seconds(1)), widening, learned);
  }
  // An acknowledged attempt of its own network that failed.
  AttemptRecord Failed() {
    AttemptRecord r;
    r.id = ++id_;
    r.start = Time(std::chrono::seconds(id_));
    r.acknowledged = r.counted = true;
    r.network.bucket = static_cast<uint8_t>(id_);
    r.closed = true;
    r.outcome = Outcome::kStalled;
    return r;
  }
  double Ceiling(Detector d) const { return detectors_.test(d).Ceiling(); }

  Baseline baseline_;
  AttemptDetectors detectors_{1, 0.10, ContributionOptions{}};
  uint64_t id_ = 0;
};

TEST_F(AttemptDetectorsTest, AFailureCountsInEachDetectorThatItConcerns) {
  const AttemptRecord r = Failed();
  detectors_.Commit(r, r.start);
  EXPECT_GT(Ceiling(Detector::kNeverActive), 0);
  EXPECT_GT(Ceiling(Detector::kNoneActive), 0);
  EXPECT_EQ(Ceiling(Detector::kWaitingOnNode), 0);
  EXPECT_EQ(Ceiling(Detector::kEarlyDrop), 0);
  detectors_.Reset(Detector::kNeverActive);
  EXPECT_EQ(Ceiling(Detector::kNeverActive), 0);
}

TEST_F(AttemptDetectorsTest, ALateSuccessRetractsTheFailure) {
  const AttemptRecord before = Failed();
  detectors_.Commit(before, before.start);
  AttemptRecord after = before;
  after.active = before.start + std::chrono::seconds(20);
  detectors_.CommitLate(before, after, after.active);
  EXPECT_NEAR(Ceiling(Detector::kNeverActive), 0, 1e-5);
}

TEST_F(AttemptDetectorsTest, TheBudgetGivesNoneActiveMoreThanSlowSetup) {
  EXPECT_EQ(detectors_.test(Detector::kNoneActive).threshold(),
            ProvenThreshold(1, rule::kBudget[Index(Detector::kNoneActive)]));
  EXPECT_EQ(detectors_.test(Detector::kSlowSetup).threshold(), Threshold(1, 0.07));
}

TEST_F(AttemptDetectorsTest, ASurgeWidensTheBaselineAndEndsWithItsTables) {
  const double usual = detectors_.test(Detector::kNeverActive).baseline_rate();
  const double pending = detectors_.test(Detector::kNeverActive)
                             .MostOf({Contribution::Kind::kPending, 1}, std::chrono::seconds(2));
  Tune({1.7, 1}, false);
  const SequentialTest& t = detectors_.test(Detector::kNeverActive);
  EXPECT_DOUBLE_EQ(t.baseline_rate(), usual * 1.7);
  EXPECT_LT(t.MostOf({Contribution::Kind::kPending, 1}, std::chrono::seconds(2)), pending);
  Tune({1, 1}, false);
  EXPECT_EQ(t.baseline_rate(), usual);
  EXPECT_EQ(t.MostOf({Contribution::Kind::kPending, 1}, std::chrono::seconds(2)), pending);
}

TEST_F(AttemptDetectorsTest, WithoutLearnedSetupsNothingIsSlow) {
  EXPECT_EQ(detectors_.contributions().slow, Duration::max());
}

}  // namespace
}  // namespace candor
