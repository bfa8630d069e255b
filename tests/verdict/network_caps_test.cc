// SPDX-License-Identifier: Apache-2.0
#include "verdict/network_caps.h"

#include <gtest/gtest.h>

#include "verdict/recent_networks.h"

namespace candor {
namespace {

constexpr float kCap = 2;

float Passed(NetworkCaps* caps, uint8_t bucket, float x) {
  return caps->Pass(bucket, Splat(x), Splat(kCap))[0];
}

TEST(NetworkCaps, OnlyWhatIsBelowTheLimitPasses) {
  NetworkCaps caps;
  EXPECT_EQ(Passed(&caps, 1, 1.5f), 1.5f);
  EXPECT_EQ(Passed(&caps, 1, 1.5f), 0.5f);
  EXPECT_EQ(Passed(&caps, 1, 1.5f), 0);
  EXPECT_EQ(Passed(&caps, 2, 1.5f), 1.5f) << "another network has its own limit";
}

TEST(NetworkCaps, ASuccessFirstWearsOffWhatWasHeldBack) {
  NetworkCaps caps;
  Passed(&caps, 1, 3);
  EXPECT_EQ(Passed(&caps, 1, -1), 0);
  EXPECT_EQ(Passed(&caps, 1, -1), -1);
}

TEST(NetworkCaps, WhatIsHeldBackIsBounded) {
  NetworkCaps caps;
  Passed(&caps, 1, 1000);
  EXPECT_EQ(Passed(&caps, 1, -rule::kMostLimits * kCap), -kCap);
}

TEST(NetworkCaps, AReturnToZeroForgetsANetworkUnlessItFailsByItself) {
  NetworkCaps caps;
  Passed(&caps, 1, kCap);
  Passed(&caps, 2, 2 * kCap);
  EXPECT_FALSE(caps.FailsByItself(1));
  EXPECT_TRUE(caps.FailsByItself(2));
  EXPECT_TRUE(caps.AnyFailsByItself());
  caps.Returned(Splat(1), Splat(0));
  EXPECT_EQ(Passed(&caps, 1, 1), 1);
  EXPECT_EQ(Passed(&caps, 2, 1), 0);
}

TEST(NetworkCaps, TwoOrThreeNetworksAtTheirLimitMayBeOneProviderFourAreNot) {
  NetworkCaps caps;
  constexpr float kExcess[] = {0, 0, kCap / 2, kCap, 0};
  for (uint8_t n = 1; n <= 4; ++n) {
    Passed(&caps, n, kCap);
    EXPECT_EQ(caps.ProviderExcess(Splat(kCap))[0], kExcess[n]) << int{n};
  }
}

TEST(RecentNetworks, CountsThoseSinceAMomentExceptTheNamed) {
  RecentNetworks networks;
  const auto at = [](int hours) { return Time(std::chrono::hours(hours)); };
  for (uint8_t n = 1; n <= 3; ++n) networks.Count({n, false}, at(n));
  EXPECT_EQ(networks.Since(at(2)), 2);
  std::bitset<kNetworkBuckets> without;
  without.set(3);
  EXPECT_EQ(networks.Since(at(2), without), 1);
  EXPECT_EQ(networks.Recent(at(4)), 2);
}

}  // namespace
}  // namespace candor
