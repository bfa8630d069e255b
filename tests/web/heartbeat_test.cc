// SPDX-License-Identifier: Apache-2.0
#include "web/heartbeat.h"

#include <gtest/gtest.h>

namespace candor::web {
namespace {

using namespace std::chrono_literals;

TEST(Heartbeat, AgeIsTheTimeSinceTheLastBeat) {
  Heartbeat heartbeat(Time(10s));
  EXPECT_EQ(heartbeat.Age(Time(13s)), 3s);
  heartbeat.Beat(Time(12s));
  EXPECT_EQ(heartbeat.Age(Time(13s)), 1s);
}

TEST(Heartbeat, AgeIsNotNegative) { EXPECT_EQ(Heartbeat(Time(10s)).Age(Time(9s)), 0s); }

}  // namespace
}  // namespace candor::web
