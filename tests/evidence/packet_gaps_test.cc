// SPDX-License-Identifier: Apache-2.0
#include "evidence/packet_gaps.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

Time At(double seconds) { return Time(FromSeconds(1000 + seconds)); }

class PacketGapsTest : public ::testing::Test {
 protected:
  // A packet each `gap` seconds, observed each quarter.
  void Play(double seconds, double gap, bool learn = true) {
    for (const double end = now_ + seconds; now_ < end - 1e-9; now_ += 0.25) {
      while (last_ + gap <= now_) last_ += gap;
      gaps_.Observe(At(last_), At(now_), learn);
    }
  }
  void Silence(double seconds, bool learn = true) {
    for (const double end = now_ + seconds; now_ < end - 1e-9; now_ += 0.25)
      gaps_.Observe(At(last_), At(now_), learn);
  }
  bool Ceased() const { return gaps_.Ceased(At(now_)); }

  PacketGaps gaps_;
  double now_ = 0, last_ = 0;
};

TEST_F(PacketGapsTest, PacketsThatCameAllTheTimeAndDoNotAnyMoreHaveCeased) {
  Play(120, 0.02);
  EXPECT_FALSE(Ceased());
  Silence(0.5);
  EXPECT_FALSE(Ceased()) << "a server that is restarted at once";
  Silence(0.75);
  EXPECT_TRUE(Ceased());
}

TEST_F(PacketGapsTest, AreNotKnownBeforeTenSeconds) {
  Play(9, 0.02);
  Silence(20);
  EXPECT_FALSE(Ceased());
}

TEST_F(PacketGapsTest, WhereTheyStayAwayNowAndThenItSaysNothing) {
  Play(120, 0.02);
  Silence(10);
  Play(600, 0.02);
  Silence(100);
  EXPECT_FALSE(Ceased());
}

TEST_F(PacketGapsTest, AGapMustBeFarLongerThanTheUsualOnes) {
  Play(300, 1.2);
  Silence(1.5);
  EXPECT_FALSE(Ceased());
  Silence(2.5);
  EXPECT_TRUE(Ceased());
}

TEST_F(PacketGapsTest, WhatIsSuspectedIsNotLearned) {
  Play(120, 0.02);
  Silence(10, false);
  Play(1, 0.02, false);
  Play(60, 0.02);
  EXPECT_FALSE(Ceased());
  Silence(1.5);
  EXPECT_TRUE(Ceased());
}

TEST_F(PacketGapsTest, ALongGapIsForgottenInTime) {
  Play(120, 0.02);
  Silence(5);
  Play(7200, 0.02);
  Silence(2);
  EXPECT_TRUE(Ceased());
}

TEST_F(PacketGapsTest, OfANodeThatNeverHeardAnythingNothingIsSaid) {
  gaps_.Observe(Time{}, At(0), true);
  gaps_.Observe(Time{}, At(500), true);
  EXPECT_FALSE(gaps_.Ceased(At(500)));
}

}  // namespace
}  // namespace candor
