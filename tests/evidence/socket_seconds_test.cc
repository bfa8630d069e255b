// SPDX-License-Identifier: Apache-2.0
#include "evidence/socket_seconds.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

Time At(double s) { return Time(FromSeconds(100 + s)); }

TEST(SocketSeconds, ASecondIsBadWhenMoreThanOnePercentIsLost) {
  SocketSeconds s;
  EXPECT_FALSE(s.Add(At(0), 0, 0)) << "nothing is known before the first reading";
  EXPECT_FALSE(s.Add(At(1), 1000, 10).value().bad());
  EXPECT_TRUE(s.Add(At(2), 2000, 21).value().bad());
  EXPECT_TRUE(s.Add(At(3), 2050, 71).value().bad()) << "all of it";
}

TEST(SocketSeconds, AFewStrayOnesMakeNoBadSecondHoweverIdleTheNodeIs) {
  SocketSeconds s;
  s.Add(At(0), 0, 0);
  EXPECT_FALSE(s.Add(At(1), 60, 9).value().bad());
  EXPECT_TRUE(s.Add(At(2), 120, 19).value().bad());
}

TEST(SocketSeconds, TellsWhatCameSinceTheLastOne) {
  SocketSeconds s;
  s.Add(At(0), 500, 50);
  const SocketSecond second = s.Add(At(1.2), 700, 57).value();
  EXPECT_EQ(second.tried, 200u);
  EXPECT_EQ(second.lost, 7u);
  EXPECT_EQ(second.span, FromSeconds(1.2));
}

TEST(SocketSeconds, ReadingsCloserTogetherMakeOneSecond) {
  SocketSeconds s;
  s.Add(At(0), 0, 0);
  EXPECT_FALSE(s.Add(At(0.25), 500, 0));
  EXPECT_FALSE(s.Add(At(0.5), 1000, 5));
  EXPECT_EQ(s.Add(At(1), 2000, 5).value().tried, 2000u);
}

TEST(SocketSeconds, WhereLittleIsSentASecondMayTakeTen) {
  SocketSeconds s;
  s.Add(At(0), 0, 0);
  EXPECT_FALSE(s.Add(At(1), 20, 1));
  EXPECT_FALSE(s.Add(At(2), 49, 1));
  const SocketSecond second = s.Add(At(3), 60, 2).value();
  EXPECT_EQ(second.tried, 60u);
  EXPECT_EQ(second.span, FromSeconds(3));
}

TEST(SocketSeconds, TooFewDatagramsGiveNoSecond) {
  SocketSeconds s;
  s.Add(At(0), 0, 0);
  for (int t = 1; t <= 100; ++t) EXPECT_FALSE(s.Add(At(t), 4 * static_cast<uint64_t>(t), 4)) << t;
}

TEST(SocketSeconds, AReadingOfEarlierBeginsAnew) {
  SocketSeconds s;
  s.Add(At(10), 5000, 100);
  EXPECT_FALSE(s.Add(At(3), 100, 0));
  EXPECT_EQ(s.Add(At(4), 200, 0).value().tried, 100u);
}

}  // namespace
}  // namespace candor
