// SPDX-License-Identifier: Apache-2.0
#include "facts/local_facts.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(LocalFacts, WhatWasNotReadIsNotKnownAndSaysWhy) {
  const LocalFacts f;
  EXPECT_FALSE(f.read());
  EXPECT_FALSE(f.processes.known());
  EXPECT_EQ(f.processes.unknown(), "it was not read yet");
  EXPECT_EQ(Fact<int>::Unknown("no right").unknown(), "no right");
}

TEST(LocalFacts, AKnownZeroIsNoUnknown) {
  const Fact<int> zero = 0;
  EXPECT_TRUE(zero.known());
  EXPECT_EQ(*zero, 0);
  EXPECT_FALSE(zero == Fact<int>());
}

}  // namespace
}  // namespace candor
