// SPDX-License-Identifier: Apache-2.0
#include "evidence/usual_seconds.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

// Every `nth` second of `n` is bad; 0: none.
void Live(UsualSeconds* u, int n, int nth, bool in_doubt = false) {
  for (int i = 1; i <= n; ++i) u->Learn(nth > 0 && i % nth == 0, in_doubt);
}

TEST(UsualSeconds, BeginsAsAHealthyNode) {
  EXPECT_GE(UsualSeconds().Usual(), 0.01);
  EXPECT_LE(UsualSeconds().Usual(), 0.03);
}

TEST(UsualSeconds, LearnsWhatIsUsualAndWaitsFiveMinutesBeforeItDoes) {
  UsualSeconds u;
  const double before = u.Usual();
  Live(&u, 5 * 60 + 59, 20);
  EXPECT_EQ(u.Usual(), before);
  Live(&u, 6 * 3600, 20);
  EXPECT_GT(u.Usual(), 0.045);
  EXPECT_LT(u.Usual(), 0.07);
}

TEST(UsualSeconds, NeverTakesMoreThanATenthForUsual) {
  UsualSeconds u;
  Live(&u, 50 * 3600, 3);
  EXPECT_DOUBLE_EQ(u.Usual(), 0.10);
}

TEST(UsualSeconds, LearnsNothingInDoubtNorFromTheMinuteThatLedToIt) {
  UsualSeconds u;
  Live(&u, 20 * 60, 0);
  const double before = u.Usual();
  Live(&u, 60, 4);  // not in doubt yet
  Live(&u, 600, 2, true);
  Live(&u, 60, 0);
  const auto learned = u.sums();
  Live(&u, 3600, 0);
  EXPECT_LE(u.Usual(), before);
  EXPECT_EQ(learned.failed, 0);
  EXPECT_EQ(u.sums().failed, 0);
}

TEST(UsualSeconds, GoesOnFromWhatWasSaved) {
  UsualSeconds learned, restored;
  Live(&learned, 6 * 3600, 20);
  restored.set_sums(learned.sums());
  EXPECT_DOUBLE_EQ(restored.Usual(), learned.Usual());
}

}  // namespace
}  // namespace candor
