// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_counts.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(AttemptCounts, AnAttemptCountsUnderOneOutcomeWhereverItGoes) {
  AttemptCounts c;
  CountedAs as;
  for (const Outcome o : {Outcome::kPending, Outcome::kStalled, Outcome::kLeft, Outcome::kRefused,
                          Outcome::kUnanswered, Outcome::kActive, Outcome::kEarlyDrop}) {
    Count(&c, &as, o, o == Outcome::kStalled ? WaitingOn::kPath : WaitingOn::kNone);
    EXPECT_TRUE(c.AddsUp()) << Name(o);
    EXPECT_EQ(c.attempts, o == Outcome::kUnanswered ? 0u : 1u) << Name(o);
  }
  EXPECT_EQ(c.active, 1u);
  EXPECT_EQ(c.early_drop, 1u);
  EXPECT_EQ(c.AllStalled() + c.left + c.refused + c.pending + c.unanswered, 0u);
}

TEST(AttemptCounts, AStallLeavesTheSideThatItWasCountedUnder) {
  AttemptCounts c;
  CountedAs as;
  Count(&c, &as, Outcome::kStalled, WaitingOn::kPeer);
  Count(&c, &as, Outcome::kActive, WaitingOn::kNone);
  EXPECT_EQ(c.stalled[CANDOR_WAITING_ON_PEER], 0u);
}

TEST(AttemptCounts, WhatIsReplacedIsNoAttempt) {
  AttemptCounts c;
  CountedAs as;
  Count(&c, &as, Outcome::kPending, WaitingOn::kNone);
  Count(&c, &as, Outcome::kReplaced, WaitingOn::kNone);
  EXPECT_EQ(c.attempts, 0u);
  EXPECT_EQ(c.replaced, 1u);
  EXPECT_TRUE(c.AddsUp());
}

TEST(AttemptCounts, ACountTooManyDoesNotAddUp) {
  AttemptCounts c;
  c.attempts = c.active = 3;
  EXPECT_TRUE(c.AddsUp());
  ++c.left;
  EXPECT_FALSE(c.AddsUp());
  --c.left;
  c.early_drop = 4;
  EXPECT_FALSE(c.AddsUp());
}

}  // namespace
}  // namespace candor
