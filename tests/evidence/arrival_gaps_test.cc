// SPDX-License-Identifier: Apache-2.0
#include "evidence/arrival_gaps.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace candor {
namespace {

constexpr double kHour = 3600, kDay = 86400;

class ArrivalGapsTest : public testing::Test {
 protected:
  // Poisson arrivals at `rate(t)` until `until`, thinned; returns how often a gap went beyond its limit.
  int Live(double until, double most, const std::function<double(double)>& rate) {
    std::exponential_distribution<double> gap(most);
    std::uniform_real_distribution<double> chance(0, 1);
    int ceased = 0;
    for (t_ += gap(random_); t_ < until; t_ += gap(random_)) {
      if (chance(random_) * most >= rate(t_)) continue;
      if (gaps_.Present(At(t_)).ceased()) ++ceased;
      Arrive();
    }
    t_ = until;
    return ceased;
  }
  int Live(double until, double rate) {
    return Live(until, rate, [rate](double) { return rate; });
  }
  void Arrive() {
    const double keep = std::exp(-(t_ - last_) / kHour);
    count_ = count_ * keep + 1, span_ = span_ * keep + kHour * (1 - keep), last_ = t_;
    gaps_.Arrived(At(t_), std::max(1e-3, count_ / span_));
  }
  // Seconds without attempts until that is no chance; -1: not within `most`.
  double SeenAfter(double most) {
    for (double s = 0; s <= most; s += 0.25) {
      if (gaps_.Present(At(last_ + s)).ceased()) return s;
    }
    return -1;
  }
  static Time At(double t) { return Time(FromSeconds(t)); }

  std::mt19937 random_{7};
  ArrivalGaps gaps_{0.03};
  double t_ = 1, last_ = 1, count_ = 18, span_ = 60;
};

TEST_F(ArrivalGapsTest, NothingIsKnownOfAFewAttempts) {
  Live(20, 3);
  EXPECT_FALSE(gaps_.Present(At(1000)).known);
  EXPECT_FALSE(gaps_.Present(At(1000)).ceased());
}

TEST_F(ArrivalGapsTest, ATrueStopIsSeenInSomeTwentyUsualGaps) {
  for (const auto& [rate, within] : {std::pair(0.1, 300.0), {1.0, 35.0}, {3.0, 13.0}, {10.0, 5.0}}) {
    for (int i = 0; i < 20; ++i) {
      gaps_ = ArrivalGaps(0.03);
      t_ = last_ = 1, count_ = 18, span_ = 60;
      Live(std::max(kHour, 400 / rate), rate);
      const double seen = SeenAfter(2 * within);
      EXPECT_GT(seen, 10 / rate) << rate;
      EXPECT_LE(seen, within) << rate;
      EXPECT_GE(seen, 0) << rate;
    }
  }
}

TEST_F(ArrivalGapsTest, SteadyTrafficNeverCeasesWithinAMonth) { EXPECT_EQ(Live(30 * kDay, 0.5), 0); }

TEST_F(ArrivalGapsTest, DaysAndNightsCeaseAFewTimesAtMostAndNotEveryNight) {
  // Ten times as many by day; nobody from midnight to six.
  const int ceased = Live(30 * kDay, 2, [](double t) {
    const double hour = std::fmod(t, kDay) / kHour;
    return hour < 6 ? 0.0 : 2 * std::pow(std::sin(M_PI * (hour - 6) / 18), 2);
  });
  EXPECT_LE(ceased, 6);
}

TEST_F(ArrivalGapsTest, ABatchThatEndsEachNightIsUsualFromTheThirdNightOn) {
  int before = 0;
  for (int night = 0; night < 10; ++night) {
    const double from = night * kDay + 2 * kHour;
    t_ = std::max(t_, from);
    Live(from + 1020, 5);
    const bool ceased = SeenAfter(300) >= 0;
    if (night >= 2) {
      EXPECT_FALSE(ceased) << night;
    }
    before += ceased && night < 2 ? 1 : 0;
  }
  EXPECT_EQ(before, 2);
}

TEST_F(ArrivalGapsTest, AGapThatNobodyMadeIsForgotten) {
  Live(kHour, 3);
  gaps_.Forget();
  EXPECT_FALSE(gaps_.Present(At(t_ + 100)).ceased());
  t_ += 100;
  Live(t_ + 60, 3);
  EXPECT_TRUE(gaps_.Save(At(t_)).past.empty());
}

TEST_F(ArrivalGapsTest, WhatIsUsualOutlivesTheProcess) {
  for (int night = 0; night < 3; ++night) {
    const double from = night * kDay + 2 * kHour;
    t_ = std::max(t_, from);
    Live(from + 1020, 5);
  }
  const ArrivalGaps::Saved saved = gaps_.Save(At(t_));
  ASSERT_EQ(saved.past.size(), 2u);
  gaps_ = ArrivalGaps(0.03);
  const double later = 1000;  // the clock has begun anew
  gaps_.Restore(saved, std::chrono::hours(23), At(later));
  t_ = last_ = later;
  Live(t_ + kHour, 5);
  EXPECT_EQ(SeenAfter(60), -1) << "at this time of day the batch ended twice";
  EXPECT_EQ(gaps_.Save(At(t_)).past.size(), 2u);
}

// A daemon that is started again, `down` after it ended.
TEST_F(ArrivalGapsTest, AStopBeforeOrSoonAfterARestartIsSeenAsOneWithoutARestart) {
  for (const int seconds_of_life : {0, 2, 20}) {
    for (uint32_t seed = 1; seed <= 20; ++seed) {
      random_.seed(seed);
      gaps_ = ArrivalGaps(0.03);
      t_ = last_ = 1, count_ = 18, span_ = 60;
      Live(kHour, 3);
      const ArrivalGaps::Saved saved = gaps_.Save(At(t_));
      EXPECT_NEAR(saved.per_second, 3, 1.8);
      gaps_ = ArrivalGaps(0.03);
      t_ += 30;
      last_ = t_;
      gaps_.Restore(saved, std::chrono::seconds(30), At(t_));
      EXPECT_FALSE(gaps_.Present(At(t_)).ceased()) << "nobody looked while it was down";
      Live(t_ + seconds_of_life, 3);
      const double seen = SeenAfter(60);
      EXPECT_GE(seen, 2);
      EXPECT_LE(seen, 20) << seconds_of_life;
    }
  }
}

TEST_F(ArrivalGapsTest, ARestartInTheMiddleOfAStopGoesOnWithIt) {
  Live(kHour, 3);
  t_ += 60;
  ASSERT_TRUE(gaps_.Present(At(t_)).ceased());
  const ArrivalGaps::Saved saved = gaps_.Save(At(t_));
  gaps_ = ArrivalGaps(0.03);
  gaps_.Restore(saved, std::chrono::seconds(30), At(t_ + 30));
  EXPECT_TRUE(gaps_.Present(At(t_ + 31)).ceased());
}

TEST_F(ArrivalGapsTest, ManyRestartsInSteadyTrafficAreNoFalseAlarm) {
  int ceased = 0;
  Live(kHour, 1);
  for (int i = 0; i < 2000; ++i) {
    const ArrivalGaps::Saved saved = gaps_.Save(At(t_));
    gaps_ = ArrivalGaps(0.03);
    t_ += 20;
    gaps_.Restore(saved, std::chrono::seconds(20), At(t_));
    ceased += Live(t_ + 300, 1);
  }
  EXPECT_LE(ceased, 1) << "a week of traffic";
}

TEST_F(ArrivalGapsTest, FewerCallersAfterARestartLowerTheRateAtOnce) {
  int ceased = 0;
  for (uint32_t seed = 1; seed <= 200; ++seed) {
    random_.seed(seed);
    gaps_ = ArrivalGaps(0.03);
    t_ = last_ = 1, count_ = 18, span_ = 60;
    Live(600, 3);
    const ArrivalGaps::Saved saved = gaps_.Save(At(t_));
    gaps_ = ArrivalGaps(0.03);
    t_ += 600;
    gaps_.Restore(saved, std::chrono::minutes(10), At(t_));
    ceased += Live(t_ + 600, 1);
  }
  EXPECT_LE(ceased, 1) << "a third of the callers";
}

TEST_F(ArrivalGapsTest, ARateOfLongAgoIsNotTrusted) {
  Live(kHour, 3);
  const ArrivalGaps::Saved saved = gaps_.Save(At(t_));
  gaps_ = ArrivalGaps(0.03);
  gaps_.Restore(saved, std::chrono::hours(1), At(t_ + 3600));
  EXPECT_FALSE(gaps_.Present(At(t_ + 3700)).known);
}

}  // namespace
}  // namespace candor
