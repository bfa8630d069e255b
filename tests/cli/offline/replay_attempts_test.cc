// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_attempts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace candor::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

AttemptCounts FiveAttempts() {
  AttemptCounts c;
  c.attempts = 5;
  c.active = 2;
  c.late = 1;
  c.stalled[CANDOR_WAITING_ON_NODE] = 1;
  c.left = c.pending = 1;
  c.replaced = 3;
  return c;
}

// Without the line breaks of a terminal.
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

TEST(ReplayAttempts, EveryOutcomeIsNamedWithItsCount) {
  const std::string text = OneLine(RenderOutcomes(FiveAttempts()));
  for (const char* part : {"5 attempts: 2 active", "1 of these late", "1 stalled by the node",
                           "1 left by the peer", "1 pending", "3 replaced"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(text, Not(HasSubstr("ADD UP")));
}

TEST(ReplayAttempts, CountsThatDoNotAddUpAreSaidLoudly) {
  AttemptCounts c = FiveAttempts();
  EXPECT_EQ(SumError(c), "");
  ++c.refused;
  EXPECT_THAT(RenderOutcomes(c), HasSubstr("THE COUNTS DO NOT ADD UP: 5 attempts, but 2 active, 1 stalled, "
                                           "1 left, 1 refused and 1 pending"));
}

}  // namespace
}  // namespace candor::cli
