// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "flow/address.h"

namespace candor {
namespace {

IpAddress Address(const char* text) { return *IpAddress::Parse(text); }

struct Row {
  const char* text;
  const char* printed;  // null: refused
};

class PrefixRows : public ::testing::TestWithParam<Row> {};

TEST_P(PrefixRows, ParsesOrRefuses) {
  const auto [text, printed] = GetParam();
  const auto parsed = IpPrefix::Parse(text);
  ASSERT_EQ(parsed.has_value(), printed != nullptr) << text;
  if (parsed) {
    EXPECT_EQ(parsed->ToString(), printed);
  }
}

INSTANTIATE_TEST_SUITE_P(
    IpPrefix, PrefixRows,
    ::testing::Values(Row{"192.0.2.7", "192.0.2.7/32"}, Row{"192.0.2.7/24", "192.0.2.0/24"},
                      Row{"0.0.0.0/0", "0.0.0.0/0"}, Row{"192.0.2.129/25", "192.0.2.128/25"},
                      Row{"2001:db8::1", "2001:db8::1/128"}, Row{"2001:db8:ffff::/33", "2001:db8:8000::/33"},
                      Row{"::/0", "::/0"}, Row{"192.0.2.0/33", nullptr}, Row{"192.0.2.0/-1", nullptr},
                      Row{"192.0.2.0/", nullptr}, Row{"192.0.2.0/2x", nullptr},
                      Row{"2001:db8::/129", nullptr}, Row{"/24", nullptr}, Row{"192.0.2.0/24/24", nullptr}));

TEST(IpPrefix, ContainsItsOwnAndNoOther) {
  const IpPrefix p = *IpPrefix::Parse("192.0.2.128/25");
  EXPECT_TRUE(p.Contains(Address("192.0.2.128")));
  EXPECT_TRUE(p.Contains(Address("192.0.2.255")));
  EXPECT_FALSE(p.Contains(Address("192.0.2.127")));
  EXPECT_FALSE(p.Contains(Address("192.0.3.128")));
  EXPECT_FALSE(p.Contains(Address("2001:db8::1")));
}

TEST(IpPrefix, AllOfIpv4IsNotAllOfIpv6) {
  const IpPrefix v4 = *IpPrefix::Parse("0.0.0.0/0");
  EXPECT_TRUE(v4.Contains(Address("203.0.113.9")));
  EXPECT_FALSE(v4.Contains(Address("2001:db8::1")));
}

TEST(Masked, KeepsTheFirstBits) {
  EXPECT_EQ(Masked(Address("2001:db8:abcd::1"), 36).ToString(), "2001:db8:a000::");
  EXPECT_EQ(Masked(Address("203.0.113.9"), 96 + 16).ToString(), "203.0.0.0");
  EXPECT_EQ(Masked(Address("2001:db8::1"), 128), Address("2001:db8::1"));
  EXPECT_EQ(Masked(Address("2001:db8::1"), 0), Address("::"));
}

TEST(PrefixList, TakesSpacesAroundEntriesAndNoEmptyOnes) {
  const auto list = ParsePrefixList("192.0.2.1 , 2001:db8::/32");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ((*list)[1].ToString(), "2001:db8::/32");
  EXPECT_FALSE(ParsePrefixList(""));
  EXPECT_FALSE(ParsePrefixList("192.0.2.1,"));
  EXPECT_FALSE(ParsePrefixList(",192.0.2.1"));
  EXPECT_FALSE(ParsePrefixList("192.0.2.1 192.0.2.2"));
}

}  // namespace
}  // namespace candor
