// SPDX-License-Identifier: Apache-2.0
#include "verdict/threshold.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(Threshold, FollowsTheCalibratedFormula) {
  EXPECT_NEAR(Threshold(10, 1), 4.1 + 0.45 * std::log(10 * 2592000.0), 1e-9);
  EXPECT_NEAR(Threshold(10, 0.1) - Threshold(10, 1), 0.9 * std::log(10.0), 1e-9);
}

TEST(Threshold, NeverFallsSoLowThatAHandfulOfBadLuckIsAnAlarm) { EXPECT_GE(Threshold(1e-9, 1e9), 4.0); }

TEST(Threshold, TheProvenOneIsTheLogarithmOfTheAttemptsPerFalseAlarm) {
  EXPECT_NEAR(ProvenThreshold(10, 2), std::log(10 * 2592000.0 / 2), 1e-9);
}

}  // namespace
}  // namespace candor
