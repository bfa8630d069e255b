// SPDX-License-Identifier: Apache-2.0
#include "evidence/baseline_bad_seconds.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

// Every `nth` second of `n` is bad; 0: none.
void Live(BaselineBadSeconds* u, int n, int nth, bool suspected = false) {
  for (int i = 1; i <= n; ++i) u->Learn(nth > 0 && i % nth == 0, suspected);
}

TEST(BaselineBadSeconds, BeginsAsAHealthyNode) {
  EXPECT_GE(BaselineBadSeconds().FailureRate(), 0.01);
  EXPECT_LE(BaselineBadSeconds().FailureRate(), 0.03);
}

TEST(BaselineBadSeconds, LearnsWithALagOfFiveMinutes) {
  BaselineBadSeconds u;
  const double before = u.FailureRate();
  Live(&u, 5 * 60 + 59, 20);
  EXPECT_EQ(u.FailureRate(), before);
  Live(&u, 6 * 3600, 20);
  EXPECT_GT(u.FailureRate(), 0.045);
  EXPECT_LT(u.FailureRate(), 0.07);
}

TEST(BaselineBadSeconds, IsCappedAtATenth) {
  BaselineBadSeconds u;
  Live(&u, 50 * 3600, 3);
  EXPECT_DOUBLE_EQ(u.FailureRate(), 0.10);
}

TEST(BaselineBadSeconds, LearnsNothingUnderSuspicionNorFromTheMinuteBefore) {
  BaselineBadSeconds u;
  Live(&u, 20 * 60, 0);
  const double before = u.FailureRate();
  Live(&u, 60, 4);  // not suspected yet
  Live(&u, 600, 2, true);
  Live(&u, 60, 0);
  const auto learned = u.sums();
  Live(&u, 3600, 0);
  EXPECT_LE(u.FailureRate(), before);
  EXPECT_EQ(learned.failed, 0);
  EXPECT_EQ(u.sums().failed, 0);
}

TEST(BaselineBadSeconds, GoesOnFromWhatWasSaved) {
  BaselineBadSeconds learned, restored;
  Live(&learned, 6 * 3600, 20);
  restored.set_sums(learned.sums());
  EXPECT_DOUBLE_EQ(restored.FailureRate(), learned.FailureRate());
}

}  // namespace
}  // namespace candor
