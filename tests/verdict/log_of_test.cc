// SPDX-License-Identifier: Apache-2.0
#include "verdict/log_of.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(LogOf, AgreesWithTheLibraryOverAllThatARatioOfChancesCanBe) {
  for (double x = 1e-7; x < 1e7; x *= 1.00037) {
    const auto f = static_cast<float>(x);
    const Float4 got = LogOf(Float4{f, f * 1.5f, f * 2, f * 3});
    for (size_t j = 0; j < kSeverities; ++j) {
      const double want = std::log(static_cast<double>(Float4{f, f * 1.5f, f * 2, f * 3}[j]));
      ASSERT_NEAR(static_cast<double>(got[j]), want, 2e-7 * std::max(0.5, std::abs(want))) << x;
    }
  }
}

TEST(LogOf, IsExactlyZeroAtOne) {
  const Float4 got = LogOf(Splat(1));
  for (size_t j = 0; j < kSeverities; ++j) EXPECT_EQ(got[j], 0.0f);
}

}  // namespace
}  // namespace candor
