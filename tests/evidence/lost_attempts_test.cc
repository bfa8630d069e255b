// SPDX-License-Identifier: Apache-2.0
#include "evidence/lost_attempts.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

Time At(double seconds) { return Time(FromSeconds(1000 + seconds)); }

class LostAttemptsTest : public ::testing::Test {
 protected:
  // Per second, and each spread evenly; `falling` as in Advance().
  void Play(double seconds, double lost, double good, bool falling = false) {
    for (const double end = now_ + seconds; now_ < end - 1e-9;) {
      now_ += 0.25;
      for (lost_due_ += lost / 4; lost_due_ >= 1; --lost_due_) Lose(now_);
      for (good_due_ += good / 4; good_due_ >= 1; --good_due_) {
        lost_.OfferedAtSocket();
        lost_.Acknowledged();
        lost_.Succeeded();
      }
      lost_.Advance(At(now_), falling);
    }
  }
  void Lose(double at) {
    AttemptRecord r;
    r.start = At(at);
    r.network.trusted = trusted_;
    lost_.Offered(r);
  }
  bool Replace(double per_second) const { return lost_.ReplaceAcknowledged(per_second, At(now_)); }

  LostAttempts lost_;
  double now_ = 0, lost_due_ = 0, good_due_ = 0;
  bool trusted_ = false;
};

TEST_F(LostAttemptsTest, ThoseThatComeInsteadOfTheUsualOnesReplaceThem) {
  Play(300, 0, 3);
  EXPECT_FALSE(Replace(3));
  Play(2.5, 3, 0, true);
  EXPECT_TRUE(Replace(3));
  EXPECT_EQ(lost_.run_since(), At(300.5));
}

TEST_F(LostAttemptsTest, OneAcknowledgementEndsTheRun) {
  Play(300, 0, 3);
  Play(2.5, 3, 0, true);
  lost_.Acknowledged();
  EXPECT_FALSE(Replace(3));
}

TEST_F(LostAttemptsTest, AsManyAsUsualReplaceNothing) {
  Play(900, 1, 3);
  EXPECT_NEAR(lost_.UsualPerSecond(), 1, 0.1);
  Play(60, 1, 0, true);
  EXPECT_FALSE(Replace(3));
}

TEST_F(LostAttemptsTest, FarFewerThanTheUsualOnesReplaceNothing) {
  Play(300, 0, 10);
  Play(20, 0.5, 0, true);
  EXPECT_FALSE(Replace(10));
}

TEST_F(LostAttemptsTest, TrustedOnesAreCountedByThemselves) {
  Play(300, 0, 3);
  trusted_ = true;
  Play(2.5, 3, 0, true);
  EXPECT_GE(lost_.trusted_run(), 6u);
}

TEST_F(LostAttemptsTest, WhereTheSuccessesFallByTheirShareItIsEvidence) {
  Play(900, 0, 4);
  EXPECT_EQ(lost_.Fewer(At(now_)), 0);
  Play(60, 2, 2);
  EXPECT_GT(lost_.Fewer(At(now_)), 5);
}

TEST_F(LostAttemptsTest, WhereTheyAreOnlyMoreTheSuccessesShowIt) {
  Play(900, 0, 4);
  for (int i = 0; i < 120; ++i) {
    Play(1, 4, 4);
    EXPECT_LT(lost_.Fewer(At(now_)), 2) << i;
  }
}

TEST_F(LostAttemptsTest, AFloodIsTooManyToReplaceAnything) {
  Play(300, 0, 3);
  EXPECT_FALSE(lost_.OnlyTheyRose(10));
  Play(30, 50, 3);
  EXPECT_TRUE(lost_.OnlyTheyRose(10));
}

// The suspicion comes some seconds after the onset; the fall is counted from the onset on.
TEST_F(LostAttemptsTest, TheFallCountsFromTheFirstLostOneOn) {
  Play(900, 0, 3);
  Play(18, 1.5, 1.5);
  EXPECT_GT(lost_.Fewer(At(now_)), 4.6);
}

TEST_F(LostAttemptsTest, OfTrustedSourcesAFewMoreThanUsualSuffice) {
  for (const bool trusted : {true, false}) {
    lost_ = LostAttempts();
    trusted_ = trusted;
    Play(600, 0.05, 3);
    EXPECT_FALSE(lost_.trusted_lost());
    Play(8, 1.5, 1.5);
    EXPECT_EQ(lost_.trusted_lost(), trusted);
    Play(120, 0, 3);
    EXPECT_FALSE(lost_.trusted_lost());
  }
  trusted_ = true;
  Play(4 * 3600, 1, 3);
  EXPECT_FALSE(lost_.trusted_lost()) << "what lasts is usual";
}

TEST_F(LostAttemptsTest, AfterARestartTheFallIsKnownAtOnce) {
  Play(900, 0.25, 3);
  const LostAttempts::Learned saved = lost_.Save();
  EXPECT_NEAR(saved.per_second, 0.25, 0.05);
  for (const bool restored : {true, false}) {
    lost_ = LostAttempts();
    if (restored) {
      ASSERT_TRUE(lost_.Restore(saved, std::chrono::seconds(20)));
    }
    Play(10, 0.25, 3);
    EXPECT_EQ(lost_.Fewer(At(now_)), 0);
    Play(25, 1.75, 1.5);
    EXPECT_EQ(lost_.Fewer(At(now_)) > 4.6, restored) << lost_.Fewer(At(now_));
  }
  lost_ = LostAttempts();
  EXPECT_FALSE(lost_.Restore({saved.successes, 1e9, 1}, Duration(0)));
  EXPECT_EQ(lost_.UsualPerSecond(), 0);
}

}  // namespace
}  // namespace candor
