// SPDX-License-Identifier: Apache-2.0
#include "verdict/setup_shift_detector.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::milliseconds, std::chrono::seconds;

// A node whose setups take 30 ms.
Baseline Learned() {
  Baseline baseline;
  baseline.Advance(Time(seconds(1)));
  for (int i = 0; i < 300; ++i) {
    baseline.Learn(Detector::kNeverActive, false);
    baseline.LearnSetup(milliseconds(30));
    baseline.Advance(Time(seconds(1 + 2 * i)));
  }
  baseline.Advance(Time(seconds(2000)));
  return baseline;
}

TEST(SetupShiftDetector, NothingIsSlowBeforeTheMedianIsKnown) {
  SetupShiftDetector d(1, {});
  d.Tune(Baseline(), 1);
  EXPECT_EQ(d.limit(), Duration::max());
}

TEST(SetupShiftDetector, OfAFastNodeWhatTakesThreeHundredMillisecondsIsNotSlow) {
  SetupShiftDetector d(1, {});
  d.Tune(Learned(), 1);
  EXPECT_LT(d.usual_median(), milliseconds(60));
  EXPECT_EQ(d.limit(), milliseconds(300));
  d.Tune(Learned(), 1.7);
  EXPECT_EQ(d.limit(), milliseconds(510)) << "while arrivals surge";
}

TEST(SetupShiftDetector, ASlowdownIsAPowerOfTwoOnceSixteenSetupsAreKnown) {
  SetupShiftDetector d(1, {});
  const Baseline baseline = Learned();
  for (int i = 0; i < 15; ++i) d.Add(seconds(1));
  EXPECT_EQ(d.Slowdown(baseline), 1);
  d.Add(seconds(1));
  const double slowdown = d.Slowdown(baseline);
  EXPECT_GE(slowdown, 16);
  EXPECT_EQ(std::exp2(std::round(std::log2(slowdown))), slowdown);
  for (int i = 0; i < 16; ++i) d.Add(seconds(100));
  EXPECT_EQ(d.Slowdown(baseline), 64) << "at most";
}

}  // namespace
}  // namespace candor
