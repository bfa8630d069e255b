// SPDX-License-Identifier: Apache-2.0
#include "verdict/socket_detectors.h"

#include <gtest/gtest.h>

#include <random>

namespace candor {
namespace {

class SocketDetectorsTest : public testing::Test {
 protected:
  // A second in which `in` datagrams arrived and `drops` more were dropped, `out` left and `unsent` did not.
  Harm Second(uint64_t in, uint64_t drops, uint64_t out = 0, uint64_t unsent = 0) {
    now_ += std::chrono::seconds(1);
    counts_.at = now_;
    counts_.received += in;
    counts_.dropped_full += drops;
    counts_.sent += out;
    counts_.unsent_full += unsent;
    tests_.Observe(counts_);
    tests_.Advance(now_);
    return tests_.harm();
  }
  // Seconds until `harm` is said; -1: not within `most`.
  int Until(Harm harm, uint64_t in, uint64_t drops, uint64_t out = 0, uint64_t unsent = 0, int most = 120) {
    for (int i = 1; i <= most; ++i) {
      if (Second(in, drops, out, unsent) == harm) return i;
    }
    return -1;
  }
  Verdict Shown() {
    Verdict v;
    tests_.Show(&v);
    return v;
  }

  Time now_{FromSeconds(1000)};
  SocketCounts counts_;
  SocketDetectors tests_{1.0};
};

TEST_F(SocketDetectorsTest, DropsInEverySecondAreHarmWithinFive) {
  for (int i = 0; i < 600; ++i) Second(1000, 0, 1000, 0);
  const int seconds = Until(Harm::kReceiveDrops, 900, 100, 1000, 0);
  EXPECT_GE(seconds, 3) << "a moment is no evidence";
  EXPECT_LE(seconds, 5);
}

TEST_F(SocketDetectorsTest, FailedSendsAreHarmWithinFiveSeconds) {
  for (int i = 0; i < 600; ++i) Second(1000, 0, 1000, 0);
  const int seconds = Until(Harm::kFailedSends, 1000, 0, 900, 100);
  EXPECT_GE(seconds, 3);
  EXPECT_LE(seconds, 5);
}

TEST_F(SocketDetectorsTest, OfBothAtOnceTheReceiveDropsAreReported) {
  Second(1, 0, 1, 0);
  EXPECT_GT(Until(Harm::kReceiveDrops, 900, 100, 900, 100), 0);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Second(900, 100, 900, 100), Harm::kReceiveDrops);
}

TEST_F(SocketDetectorsTest, HalfOfTheSecondsBadIsHarmWithinHalfAMinute) {
  Second(1000, 0);
  int seconds = 1;
  for (; seconds < 60 && Second(950, seconds % 2 == 0 ? 50 : 0) == Harm::kNone; ++seconds) {
  }
  EXPECT_LE(seconds, 30);
}

TEST_F(SocketDetectorsTest, ADropNowAndThenIsNone) {
  for (int i = 0; i < 36000; ++i) {
    ASSERT_EQ(Second(1000, i % 3 == 0 ? 9 : 0, 1000, i % 2 == 0 ? 10 : 0), Harm::kNone) << "below 1 %";
    if (i % 60 != 0) continue;
    ASSERT_EQ(Second(1000, 300, 1000, 300), Harm::kNone) << "a bad second a minute";
  }
}

TEST_F(SocketDetectorsTest, ClearsWithinHalfAMinuteAndOnlyAtHalfOfTheThreshold) {
  Second(1000, 0);
  ASSERT_GT(Until(Harm::kReceiveDrops, 500, 500), 0);
  for (int i = 0; i < 600; ++i) Second(500, 500);
  ASSERT_EQ(Second(1000, 0), Harm::kReceiveDrops);
  bool between = false;
  int seconds = 1;
  for (; seconds < 60 && Second(1000, 0) != Harm::kNone; ++seconds) {
    const DetectorStatus drops = Shown().detectors.at(0);
    between = between || (drops.score < drops.threshold && drops.score >= drops.threshold / 2);
  }
  EXPECT_TRUE(between);
  EXPECT_LE(seconds, 35);
}

TEST_F(SocketDetectorsTest, TheBaselineIsLearnedButNotInDoubt) {
  std::mt19937 rng(1);
  // Float4 seconds in a hundred are bad for hours: the node is like that.
  int harmed = 0;
  for (int i = 0; i < 12 * 3600; ++i) harmed += Second(1000, rng() % 100 < 4 ? 20 : 0) != Harm::kNone ? 1 : 0;
  EXPECT_LT(harmed, 12 * 36) << "hardly ever";
  EXPECT_GT(tests_.learned()[0].failed, 0);
  const double usual = Shown().detectors.at(0).baseline_failure_rate;
  EXPECT_GT(usual, 0.035);
  for (int i = 0; i < 12 * 3600; ++i) Second(500, 500);
  EXPECT_EQ(tests_.harm(), Harm::kReceiveDrops) << "twelve hours of it teach nothing";
  EXPECT_LT(Shown().detectors.at(0).baseline_failure_rate, usual * 1.2);
}

TEST_F(SocketDetectorsTest, QuietSecondsSayNothingAndAMinuteOfThemEndsTheHarm) {
  Second(1000, 0);
  ASSERT_GT(Until(Harm::kReceiveDrops, 500, 500), 0);
  for (int i = 0; i < 55; ++i) ASSERT_EQ(Second(2, 1), Harm::kReceiveDrops) << i;
  for (int i = 0; i < 10; ++i) Second(2, 1);
  EXPECT_EQ(tests_.harm(), Harm::kNone);
  EXPECT_EQ(Shown().detectors.at(0).score, 0);
  EXPECT_EQ(Shown().sockets.at(0).tried, 0u);
}

TEST_F(SocketDetectorsTest, ReadingsThatStopEndTheHarmToo) {
  Second(1000, 0);
  ASSERT_GT(Until(Harm::kReceiveDrops, 500, 500), 0);
  tests_.Observe(SocketCounts{});
  tests_.Advance(now_ + std::chrono::seconds(59));
  EXPECT_EQ(tests_.harm(), Harm::kReceiveDrops);
  tests_.Advance(now_ + std::chrono::seconds(61));
  EXPECT_EQ(tests_.harm(), Harm::kNone);
}

TEST_F(SocketDetectorsTest, TheSameReadingTwiceCountsOnce) {
  Second(1000, 0);
  Second(500, 500);
  for (int i = 0; i < 100; ++i) tests_.Observe(counts_);
  EXPECT_EQ(Shown().sockets.at(0).seconds, 1u);
}

TEST_F(SocketDetectorsTest, NamesTheKernelsReasonOfTheWindowWhereItIsThatOfMost) {
  auto& out = counts_.drops[CANDOR_OUT];
  Second(1000, 0, 1000, 0);
  out[CANDOR_DROP_QDISC] += 100000;
  Second(1000, 0, 1000, 0);
  out[CANDOR_DROP_NETFILTER] += 60;
  out[CANDOR_DROP_NEIGHBOUR] += 500;
  Second(1000, 0, 900, 100);
  EXPECT_EQ(Shown().sockets.at(1).cause, CANDOR_DROP_NETFILTER) << "what was before is over";
  EXPECT_EQ(Shown().sockets.at(0).cause, CANDOR_DROP_NONE);
  Second(1000, 0, 900, 100);
  EXPECT_EQ(Shown().sockets.at(1).cause, CANDOR_DROP_NONE) << "60 of 200";
  counts_.drops[CANDOR_IN][CANDOR_DROP_RECEIVE_BUFFER] += 500;
  Second(500, 500, 1000, 0);
  EXPECT_EQ(Shown().sockets.at(0).cause, CANDOR_DROP_RECEIVE_BUFFER);
}

TEST_F(SocketDetectorsTest, OneOfThreeIsNotMost) {
  Second(1000, 0, 1000, 0);
  counts_.drops[CANDOR_OUT][CANDOR_DROP_NETFILTER] += 1;
  Second(1000, 0, 97, 3);
  EXPECT_EQ(Shown().sockets.at(1).cause, CANDOR_DROP_NONE);
}

TEST_F(SocketDetectorsTest, ShowsNothingBeforeThereWasEvidence) {
  EXPECT_TRUE(Shown().detectors.empty());
  EXPECT_TRUE(Shown().sockets.empty());
}

TEST_F(SocketDetectorsTest, ShowsTheFiguresSinceTheSumLeftZero) {
  for (int i = 0; i < 100; ++i) Second(1000, 0, 2000, 0);
  Second(900, 100, 2000, 0);
  Second(950, 50, 2000, 0);
  const Verdict v = Shown();
  ASSERT_EQ(v.sockets.size(), 2u);
  EXPECT_EQ(v.sockets[0].detector, "receive_drops");
  EXPECT_EQ(v.sockets[0].lost, 150u);
  EXPECT_EQ(v.sockets[0].tried, 2000u);
  EXPECT_EQ(v.sockets[0].seconds, 2u);
  EXPECT_EQ(v.sockets[0].bad_seconds, 2u);
  EXPECT_EQ(v.sockets[0].window, std::chrono::seconds(2));
  EXPECT_EQ(v.sockets[1].detector, "failed_sends");
  EXPECT_EQ(v.sockets[1].lost, 0u);
  EXPECT_EQ(v.sockets[1].tried, 2000u) << "the last second";
  ASSERT_EQ(v.detectors.size(), 2u);
  EXPECT_FALSE(v.detectors[0].prevents);
  EXPECT_GT(v.detectors[0].score, 0);
}

TEST_F(SocketDetectorsTest, WithMoreFalseAlarmsAllowedItFiresEarlier) {
  Second(1000, 0);
  Second(1000, 0);
  SocketDetectors bold(1000);
  bold.Observe(counts_);
  SocketCounts later = counts_;
  later.at += std::chrono::seconds(1);
  later.received += 1000;
  bold.Observe(later);
  Verdict v;
  bold.Show(&v);
  EXPECT_LT(v.detectors.at(0).threshold, Shown().detectors.at(0).threshold);
}

}  // namespace
}  // namespace candor
