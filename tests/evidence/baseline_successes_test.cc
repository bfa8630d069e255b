// SPDX-License-Identifier: Apache-2.0
#include "evidence/baseline_successes.h"

#include <gtest/gtest.h>

#include <random>

namespace candor {
namespace {

class BaselineSuccessesTest : public testing::Test {
 protected:
  // Attempts at `rate` a second for `seconds`, every one a success; beside them `unanswered` a second.
  void Live(double seconds, double rate, double unanswered, bool suspected) {
    std::poisson_distribution<int> good(rate / 4), bad(unanswered / 4);
    for (const double end = t_ + seconds; t_ < end; t_ += 0.25) {
      s_.Advance(Now(), suspected);
      for (int n = good(random_); n > 0; --n) s_.Offered(), s_.Acknowledged(), s_.Succeeded();
      for (int n = bad(random_); n > 0; --n) s_.Offered();
    }
  }
  Time Now() const { return Time(FromSeconds(t_)); }

  std::mt19937 random_{3};
  BaselineSuccesses s_;
  double t_ = 1;
};

// The suspicion comes late: what fell since the first attempt that went unanswered counts.
TEST_F(BaselineSuccessesTest, CountFromTheBeginningOfWhatIsSuspected) {
  Live(900, 4, 0, false);
  const Time since = Now();
  Live(20, 2, 2, false);
  s_.Advance(Now(), true, since);
  const auto r = s_.Since(Now());
  EXPECT_NEAR(static_cast<double>(r.successes), 40, 16);
  EXPECT_NEAR(r.expected, 80, 10);
  EXPECT_GT(s_.FallenLogRatio(Now()), 4);
  EXPECT_GT(s_.FallenLogRatio(Now(), 0), s_.FallenLogRatio(Now()));
}

TEST_F(BaselineSuccessesTest, AreUnknownBeforeARateWasLearned) {
  Live(20, 4, 0, false);
  Live(20, 4, 30, true);
  EXPECT_FALSE(s_.known()) << "the last minute before the suspicion is not learned";
  EXPECT_FALSE(s_.MatchesBaseline(Now()));
}

TEST_F(BaselineSuccessesTest, MatchTheBaselineDuringAFlood) {
  for (const double flood : {10.0, 100.0}) {
    Live(300, 4, 0, false);
    Live(20, 4, flood, true);
    EXPECT_TRUE(s_.MatchesBaseline(Now())) << flood;
    EXPECT_FALSE(s_.BelowBaseline(Now())) << flood;
    EXPECT_NEAR(s_.Since(Now()).expected, 80, 10);
  }
}

TEST_F(BaselineSuccessesTest, AreBelowTheBaselineForAnyShareOfUnansweredClients) {
  for (const double lost : {0.25, 0.5, 0.8, 1.0}) {
    Live(900, 4, 0, false);
    for (int i = 0; i < 12; ++i) {
      Live(15, 4 * (1 - lost), 4 * lost, true);
      EXPECT_FALSE(s_.MatchesBaseline(Now())) << lost;
    }
    EXPECT_LT(s_.BaselineLogRatio(Now()), -3) << lost;
    EXPECT_TRUE(s_.BelowBaseline(Now())) << lost;
  }
}

TEST_F(BaselineSuccessesTest, AFallDuringAFloodDoesNotMatchTheBaseline) {
  Live(600, 4, 0, false);
  Live(60, 2, 100, true);
  EXPECT_FALSE(s_.MatchesBaseline(Now())) << "half of the real ones are gone, whatever the flood";
}

TEST_F(BaselineSuccessesTest, LearnNothingUnderSuspicionAndDecay) {
  Live(600, 4, 0, false);
  const double before = s_.BaselinePerSecond();
  Live(1200, 1, 3, true);
  EXPECT_EQ(s_.BaselinePerSecond(), before);
  EXPECT_LE(s_.Since(Now()).window, std::chrono::minutes(10));
  Live(7200, 1, 0, false);
  EXPECT_NEAR(s_.BaselinePerSecond(), 1, 0.2);
}

// A restart of Candor begins with what was learned before.
TEST_F(BaselineSuccessesTest, ASavedRateShowsAFallAtOnce) {
  Live(900, 4, 0, false);
  const auto saved = s_.Save();
  s_ = BaselineSuccesses();
  ASSERT_TRUE(s_.Restore(saved, std::chrono::seconds(30)));
  EXPECT_TRUE(s_.known());
  EXPECT_NEAR(s_.BaselinePerSecond(), 4, 0.3);
  Live(5, 4, 0, false);
  const Time since = Now();
  Live(15, 2, 2, false);
  s_.Advance(Now(), true, since);
  EXPECT_GT(s_.FallenLogRatio(Now()), 3);
}

TEST_F(BaselineSuccessesTest, TheOlderASavedRateIsTheLessItWeighs) {
  Live(3600, 4, 0, false);
  const auto saved = s_.Save();
  const auto fall_after = [&](Duration age) {
    s_ = BaselineSuccesses();
    EXPECT_TRUE(s_.Restore(saved, age));
    const bool known = s_.known();
    Live(0.25, 4, 0, false);
    const Time since = Now();
    Live(20, 2, 2, false);
    s_.Advance(Now(), true, since);
    return known ? s_.FallenLogRatio(Now()) : 0;
  };
  const double fresh = fall_after(Duration(0)), older = fall_after(std::chrono::minutes(30));
  EXPECT_GT(fresh, older + 1);
  EXPECT_EQ(fall_after(std::chrono::hours(3)), 0) << "at another time of day others call";
  s_ = BaselineSuccesses();
  ASSERT_TRUE(s_.Restore(saved, Duration(0)));
  Live(600, 1, 0, false);
  EXPECT_LT(s_.BaselinePerSecond(), 2) << "what comes now soon weighs more";
}

TEST_F(BaselineSuccessesTest, WhatMakesNoSenseIsNotRestored) {
  using Learned = BaselineSuccesses::Learned;
  for (const Learned& l : {Learned{1e9, 1, 10, 1}, Learned{1, 1e9, 10, 1}, Learned{1, 1, 1e9, 1},
                           Learned{10, 10, 0, 1}, Learned{10, 10, 10, 0}, Learned{10, 10, 10, 1e9}}) {
    EXPECT_FALSE(s_.Restore(l, Duration(0)));
    EXPECT_EQ(s_.BaselinePerSecond(), 0);
  }
  EXPECT_FALSE(s_.Restore({40, 40, 10, 1}, std::chrono::seconds(-1)));
  EXPECT_TRUE(s_.Restore({}, Duration(0)));
  EXPECT_FALSE(s_.known());
}

// A candord that has just started, without a saved rate: the half minute before tells what is missing.
TEST_F(BaselineSuccessesTest, BeforeARateIsLearnedWhatCameShortlyBeforeTakesItsPlace) {
  Live(30, 4, 0, false);
  const Time since = Now();
  Live(15, 1, 3, false);
  s_.Advance(Now(), true, since);
  ASSERT_TRUE(s_.known());
  EXPECT_TRUE(s_.firm());
  EXPECT_GT(s_.FallenLogRatio(Now()), 3);
  EXPECT_FALSE(s_.MatchesBaseline(Now()));
  EXPECT_EQ(s_.Save().successes, 0) << "it is no baseline";
  Live(1, 4, 0, false);
  EXPECT_FALSE(s_.known()) << "it ends with the suspicion";
}

TEST_F(BaselineSuccessesTest, AFewSecondsBeforeMakeASuspicionAndNoMore) {
  Live(12, 4, 0, false);
  const Time since = Now();
  Live(15, 1, 3, false);
  s_.Advance(Now(), true, since);
  EXPECT_TRUE(s_.known());
  EXPECT_FALSE(s_.firm());
}

TEST_F(BaselineSuccessesTest, WhatCameShortlyBeforeAFloodDoesNotMakeItForged) {
  Live(30, 4, 0, false);
  const Time since = Now();
  Live(3, 4, 30, false);
  for (int i = 0; i < 30; ++i) {
    s_.Advance(Now(), true, since);
    Live(1, 4, 30, true);
    EXPECT_LE(s_.FallenLogRatio(Now()), 3);
    EXPECT_FALSE(s_.MatchesBaseline(Now())) << "a part of what came before may have been missing already";
  }
}

}  // namespace
}  // namespace candor
