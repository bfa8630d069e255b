// SPDX-License-Identifier: Apache-2.0
#include "base/counted.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(Counted, TakesTheSingularForOneOnly) {
  EXPECT_EQ(Counted(0, "attempt"), "0 attempts");
  EXPECT_EQ(Counted(1, "attempt"), "1 attempt");
  EXPECT_EQ(Counted(2, "process", "processes"), "2 processes");
  EXPECT_EQ(NounFor(1, "process", "processes"), "process");
}

}  // namespace
}  // namespace candor
