// SPDX-License-Identifier: Apache-2.0
#include "evidence/age_bins.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(AgeBins, EachBeginsAtItsStartAndGrowsByAtMostAnEighth) {
  for (size_t bin = 1; bin < kAgeBins; ++bin) {
    const Duration start = AgeBinStart(bin);
    EXPECT_EQ(AgeBin(start), bin);
    EXPECT_EQ(AgeBin(start - Duration(1)), bin - 1);
  }
  for (size_t bin = 2; bin < kAgeBins; ++bin)
    EXPECT_LE(Seconds(AgeBinStart(bin)) / Seconds(AgeBinStart(bin - 1)), 1.125);
}

TEST(AgeBins, EveryAgeHasOne) {
  EXPECT_EQ(AgeBin(Duration(-1000)), 0u);
  EXPECT_EQ(AgeBin(std::chrono::hours(1)), kAgeBins - 1);
}

}  // namespace
}  // namespace candor
