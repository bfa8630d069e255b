// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "config/config.h"
#include "verdict/reported_joins_detector.h"

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(JoinsPollerOptionsOf, ReadingsAreNeitherTooOftenForTheServerNorTooSeldomForTheirDifference) {
  Config config;
  const auto of = [&](Duration interval, Duration timeout) {
    config.self_report.interval = interval, config.self_report.timeout = timeout;
    return JoinsPollerOptionsOf(config);
  };
  EXPECT_EQ(of(milliseconds(100), seconds(1)).interval, seconds(1));
  EXPECT_EQ(of(seconds(3), seconds(1)).interval, seconds(3));
  EXPECT_EQ(of(seconds(3), seconds(1)).timeout, seconds(1));
  const JoinsPollerOptions longest = of(std::chrono::hours(1), seconds(60));
  EXPECT_EQ(longest.interval, seconds(5));
  EXPECT_LT(longest.interval + longest.timeout, ReportedJoinsDetector::kLongestGap);
}

}  // namespace
}  // namespace candor
