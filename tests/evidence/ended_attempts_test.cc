// SPDX-License-Identifier: Apache-2.0
#include "evidence/ended_attempts.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

AttemptRecord Ended(uint64_t id) {
  AttemptRecord r;
  r.id = id;
  r.start = Time(std::chrono::seconds(id));
  r.outcome = Outcome::kStalled;
  return r;
}

TEST(EndedAttempts, GivesAnAttemptAwayOnce) {
  EndedAttempts ended(10);
  ended.Add(Ended(1));
  ASSERT_TRUE(ended.Take(1));
  EXPECT_FALSE(ended.Take(1)) << "it becomes active only once";
  EXPECT_FALSE(ended.Take(2)) << "never ended";
}

TEST(EndedAttempts, TheOneThatEndedFirstIsEvicted) {
  EndedAttempts ended(10);
  for (uint64_t id = 1; id <= 25; ++id) ended.Add(Ended(id));
  EXPECT_EQ(ended.size(), 10u);
  EXPECT_FALSE(ended.Take(15));
  EXPECT_TRUE(ended.Take(16));
}

TEST(EndedAttempts, OfNoSizeRemembersNothing) {
  EndedAttempts ended(0);
  ended.Add(Ended(1));
  EXPECT_FALSE(ended.Take(1));
}

}  // namespace
}  // namespace candor
