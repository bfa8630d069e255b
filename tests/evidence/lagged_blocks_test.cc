// SPDX-License-Identifier: Apache-2.0
#include "evidence/lagged_blocks.h"

#include <gtest/gtest.h>

#include <vector>

namespace candor {
namespace {

struct Content {
  int n = 0;
};

class LaggedBlocksTest : public testing::Test {
 protected:
  // `rate` concluded attempts a second until `to`, in seconds.
  void Live(double to, double rate) {
    for (; t_ < to; t_ += 1 / rate) {
      ++blocks_.current().n;
      blocks_.Concluded();
      blocks_.Advance(Time(FromSeconds(t_)), [&](const auto& b) { absorbed_.push_back(b.n); });
    }
  }

  LaggedBlocks<Content> blocks_{LagOptions{}};
  std::vector<int> absorbed_;
  double t_ = 1;
};

TEST_F(LaggedBlocksTest, ABlockHasFiftyAttemptsAndThirtySeconds) {
  Live(4000, 5);
  ASSERT_FALSE(absorbed_.empty());
  EXPECT_NEAR(absorbed_.front(), 150, 2);
}

TEST_F(LaggedBlocksTest, NothingIsAbsorbedWithinTheLag) {
  Live(6000, 5);
  const size_t before = absorbed_.size();
  int learned = 0;
  for (const int n : absorbed_) learned += n;
  EXPECT_LE(learned, (6000 - 200) * 5);
  EXPECT_GT(learned, (6000 - 300) * 5);
  EXPECT_GT(before, 100u);
}

TEST_F(LaggedBlocksTest, AYoungNodeLearnsFromTheOlderHalf) {
  Live(100, 5);
  EXPECT_FALSE(absorbed_.empty());
}

TEST_F(LaggedBlocksTest, ManyConcludedAtOnceAreAsManyInTurn) {
  LaggedBlocks<Content> at_once{LagOptions{}}, in_turn{LagOptions{}};
  const auto absorb = [](const auto&) {};
  for (int second = 1; second <= 31; ++second) {
    at_once.Concluded(7);
    for (int i = 0; i < 7; ++i) in_turn.Concluded();
    at_once.Advance(Time(FromSeconds(second)), absorb), in_turn.Advance(Time(FromSeconds(second)), absorb);
  }
  ASSERT_EQ(at_once.waiting().size(), 1u);
  EXPECT_EQ(at_once.waiting().front().concluded, 217u);
  EXPECT_EQ(at_once.waiting().front().concluded, in_turn.waiting().front().concluded);
  EXPECT_EQ(at_once.waiting().front().concluded_before_end, in_turn.waiting().front().concluded_before_end);
}

TEST_F(LaggedBlocksTest, MemoryIsBoundedByTheLag) {
  Live(8000, 50);
  EXPECT_LT(blocks_.waiting().size(), 80u);
}

}  // namespace
}  // namespace candor
