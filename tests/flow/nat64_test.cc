// SPDX-License-Identifier: Apache-2.0
#include "flow/nat64.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

// The table of RFC 6052 section 2.4.
TEST(Nat64, FindsTheAddressWhereverThePrefixEnds) {
  struct Row {
    int bits;
    const char* address;
  };
  for (const Row& row : {Row{32, "2001:db8:c000:221::"}, Row{40, "2001:db8:1c0:2:21::"},
                         Row{48, "2001:db8:122:c000:2:2100::"}, Row{56, "2001:db8:122:3c0:0:221::"},
                         Row{64, "2001:db8:122:344:c0:2:2100::"}, Row{96, "2001:db8:122:344::192.0.2.33"}}) {
    EXPECT_EQ(EmbeddedV4(*IpAddress::Parse(row.address), row.bits).ToString(), "192.0.2.33") << row.bits;
  }
}

TEST(Nat64, AllowsSixLengths) {
  int allowed = 0;
  for (int bits = 0; bits <= 128; ++bits) allowed += IsNat64Length(bits) ? 1 : 0;
  EXPECT_EQ(allowed, 6);
  EXPECT_FALSE(IsNat64Length(95));
}

}  // namespace
}  // namespace candor
