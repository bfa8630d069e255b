// SPDX-License-Identifier: Apache-2.0
#include "attempt/learned_ports.h"

#include <gtest/gtest.h>

#include <random>

namespace candor {
namespace {

// `many` ports of 30000-40000, bound at random.
LearnedPorts Range(int many) {
  LearnedPorts p;
  std::mt19937 random(5);
  for (int i = 0; i < many; ++i) p.Learn(static_cast<uint16_t>(30000 + random() % 10000));
  return p;
}

int Share(const LearnedPorts& p, int from, int to) {
  int has = 0;
  for (int port = from; port < to; ++port) has += p.Has(static_cast<uint16_t>(port)) ? 1 : 0;
  return 100 * has / (to - from);
}

TEST(LearnedPorts, FewPortsAreNoRange) {
  LearnedPorts p;
  for (uint16_t port = 30000; port < 30070; port = static_cast<uint16_t>(port + 10)) p.Learn(port);
  EXPECT_TRUE(p.Has(30010));
  EXPECT_FALSE(p.Has(30011));
}

TEST(LearnedPorts, PortsOfARangeAreItsOwnBeforeAllAreBound) {
  EXPECT_GE(Share(Range(20), 31000, 39000), 90);
  EXPECT_GE(Share(Range(500), 31000, 39000), 98);
  EXPECT_EQ(Share(Range(500), 40000, 65536), 0);
  EXPECT_EQ(Share(Range(500), 1, 30000), 0);
}

TEST(LearnedPorts, AnOutlierDoesNotStretchTheRange) {
  for (const int outlier : {443, 3478, 20000, 65000}) {
    LearnedPorts p = Range(50);
    p.Learn(static_cast<uint16_t>(outlier));
    EXPECT_TRUE(p.Has(static_cast<uint16_t>(outlier)));
    EXPECT_EQ(Share(p, 444, 3478) + Share(p, 3479, 20000) + Share(p, 20001, 29000), 0) << outlier;
    EXPECT_EQ(Share(p, 41000, 65000), 0) << outlier;
    EXPECT_GE(Share(p, 31000, 39000), 85) << outlier;
  }
}

TEST(LearnedPorts, TwoServersHaveTwoRanges) {
  LearnedPorts p;
  for (int i = 0; i < 40; ++i) {
    p.Learn(static_cast<uint16_t>(20000 + 25 * i));
    p.Learn(static_cast<uint16_t>(50000 + 25 * i));
  }
  EXPECT_TRUE(p.Has(20510));
  EXPECT_TRUE(p.Has(50510));
  EXPECT_FALSE(p.Has(35000));
}

}  // namespace
}  // namespace candor
