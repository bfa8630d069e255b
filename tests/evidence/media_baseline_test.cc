// SPDX-License-Identifier: Apache-2.0
#include "evidence/media_baseline.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr MediaKind kOut = MediaKind::kRtpOut, kIn = MediaKind::kRtpIn;

// One attempt a second, of which every `nth` goes without RTP out; RTP in always comes.
class Node {
 public:
  void Live(int attempts, int nth, bool excluded = false) {
    for (int i = 0; i < attempts; ++i) {
      shape.Learn(kOut, nth == 0 || i % nth != 0, milliseconds(nth == 0 || i % nth != 0 ? 100 : 10000));
      shape.Learn(kIn, true, milliseconds(20));
      shape.Concluded();
      if (excluded) shape.Exclude(kOut);
      shape.Advance(Time(now_ += seconds(1)));
    }
  }
  MediaBaseline shape;

 private:
  Duration now_ = seconds(1);
};

TEST(MediaBaseline, StartsFromThePrior) {
  MediaBaseline fresh;
  EXPECT_GT(fresh.Missing(kOut), 0.7);
}

TEST(MediaBaseline, LearnsAKindThatAlwaysComesWithinAMinuteOrTwo) {
  Node n;
  n.Live(150, 0);
  EXPECT_LT(n.shape.Missing(kOut), 0.2);
  n.Live(2000, 0);
  EXPECT_LT(n.shape.Missing(kOut), 0.03);
  EXPECT_LT(n.shape.Times(kOut).Quantile(0.99), milliseconds(400));
  EXPECT_GT(n.shape.Missing(MediaKind::kDataIn), 0.7) << "never observed";
}

TEST(MediaBaseline, LearnsAQuarterWithoutTheKind) {
  Node n;
  n.Live(3000, 4);
  EXPECT_NEAR(n.shape.Missing(kOut), 0.26, 0.02);
  EXPECT_LT(n.shape.Missing(kIn), 0.03);
}

TEST(MediaBaseline, AnExcludedKindIsNotLearnedButTheOthersAre) {
  Node n;
  n.Live(150, 0);
  const double before = n.shape.Missing(kOut);
  const double other = n.shape.Missing(kIn);
  n.Live(3000, 1, true);
  EXPECT_LE(n.shape.Missing(kOut), before);
  EXPECT_LT(n.shape.Missing(kIn), other);
}

TEST(MediaBaseline, WhoLeavesWithinASecondHasWaitedForNothing) {
  Node n;
  for (int i = 0; i < 1000; ++i) {
    n.shape.Learn(kOut, false, milliseconds(400));
    n.Live(1, 0);
  }
  EXPECT_LT(n.shape.Missing(kOut), 0.05);
}

TEST(MediaBaseline, ANightWithoutThemDoesNotMakeMorningsExceptional) {
  Node n;
  n.Live(20000, 3);
  const double day = n.shape.Missing(kOut);
  n.Live(30000, 0);
  EXPECT_GT(n.shape.Missing(kOut), day / 3) << "the week's average is kept";
}

TEST(MediaBaseline, OutlivesTheProcess) {
  Node n;
  n.Live(2000, 4);
  MediaBaseline back;
  back.Import(n.shape.Export(), std::chrono::minutes(10));
  EXPECT_NEAR(back.Missing(kOut), n.shape.Missing(kOut), 0.01);
  EXPECT_EQ(back.Times(kOut).Quantile(0.5), n.shape.Times(kOut).Quantile(0.5));
}

}  // namespace
}  // namespace candor
