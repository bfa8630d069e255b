// SPDX-License-Identifier: Apache-2.0
#include "flow/lost_reason.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(LostReason, IsWrittenAsTheKernelsReasonAndTheDirection) {
  EXPECT_EQ(Text({CANDOR_IN, CANDOR_DROP_NETFILTER}), "netfilter in");
  EXPECT_EQ(Text({CANDOR_OUT, CANDOR_DROP_QDISC}), "qdisc out");
  EXPECT_EQ(Text({CANDOR_IN, kNotDelivered}), "not_delivered in");
  EXPECT_EQ(Text({}), "");
}

TEST(LostReason, ReadsWhatItWrites) {
  for (size_t i = 0; i < kLostReasons; ++i) {
    const LostReason r = LostReasonAt(i);
    EXPECT_EQ(Index(r), i);
    if (r && IsDropCounted(r.reason, r.direction)) {
      EXPECT_EQ(ParseLostReason(Text(r)), r) << Text(r);
    }
  }
}

TEST(LostReason, WhatCannotBeLostInThatDirectionIsNoText) {
  for (const char* text : {"", "none in", "qdisc in", "no_socket out", "netfilter", "netfilter up", "in"}) {
    EXPECT_EQ(ParseLostReason(text), std::nullopt) << text;
  }
}

TEST(LostReason, EachHasANameAHelpAndARemediation) {
  for (size_t i = 0; i < kLostReasons; ++i) {
    const LostReason r = LostReasonAt(i);
    EXPECT_FALSE(DropName(r.reason).empty());
    EXPECT_FALSE(DropHelp(r.reason).empty());
  }
  EXPECT_TRUE(IsDropCounted(kNotDelivered, CANDOR_IN));
  EXPECT_TRUE(IsDropCounted(kNotDelivered, CANDOR_OUT));
}

}  // namespace
}  // namespace candor
