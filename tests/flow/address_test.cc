// SPDX-License-Identifier: Apache-2.0
#include "flow/address.h"

#include <gtest/gtest.h>

#include <unordered_set>

namespace candor {
namespace {

struct Row {
  const char* text;
  const char* printed;  // null: refused
};

class AddressRows : public ::testing::TestWithParam<Row> {};

TEST_P(AddressRows, ParsesOrRefuses) {
  const auto [text, printed] = GetParam();
  const auto parsed = IpAddress::Parse(text);
  if (printed == nullptr) {
    ASSERT_FALSE(parsed);
    EXPECT_NE(parsed.error().message.find("'" + std::string(text) + "'"), std::string::npos)
        << "the error quotes the text";
    return;
  }
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->ToString(), printed);
}

INSTANTIATE_TEST_SUITE_P(
    IpAddress, AddressRows,
    ::testing::Values(Row{"203.0.113.9", "203.0.113.9"}, Row{"0.0.0.0", "0.0.0.0"},
                      Row{"255.255.255.255", "255.255.255.255"},
                      Row{"::ffff:203.0.113.9", "203.0.113.9"},  // RFC 4291 section 2.5.5.2
                      Row{"2001:DB8:0:0::1", "2001:db8::1"}, Row{"::", "::"}, Row{"::1", "::1"},
                      Row{"", nullptr}, Row{"203.0.113", nullptr}, Row{"203.0.113.256", nullptr},
                      Row{" 203.0.113.9", nullptr}, Row{"203.0.113.9:80", nullptr},
                      Row{"fe80::1%eth0", nullptr}, Row{"[::1]", nullptr}, Row{"example.org", nullptr},
                      Row{"1:2:3:4:5:6:7:8:9", nullptr}));

TEST(IpAddress, AnIpv4AddressIsHeldInHostOrder) {
  const IpAddress a = IpAddress::V4(0xcb007109);
  EXPECT_TRUE(a.IsV4());
  EXPECT_EQ(a.AsV4(), 0xcb007109U);
  EXPECT_EQ(a.ToString(), "203.0.113.9");
  EXPECT_FALSE(IpAddress::Parse("2001:db8::1")->IsV4());
}

TEST(IpAddress, PrivateMeansThatNoOperatorNeedBeShared) {
  for (const char* text :
       {"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "100.127.255.255", "127.0.0.1", "169.254.1.1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "::1"}) {
    EXPECT_TRUE(IpAddress::Parse(text)->IsPrivate()) << text;
  }
  for (const char* text :
       {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.169.0.0", "100.63.255.255",
        "100.128.0.0", "203.0.113.9", "2001:db8::1", "fec0::1", "::2", "fb00::1"}) {
    EXPECT_FALSE(IpAddress::Parse(text)->IsPrivate()) << text;
  }
}

TEST(IpAddress, NeighbouringAddressesHashApart) {
  std::unordered_set<size_t> hashes;
  for (uint32_t i = 0; i < 4096; ++i) hashes.insert(std::hash<IpAddress>()(IpAddress::V4(0x0a000000 + i)));
  EXPECT_EQ(hashes.size(), 4096U);
}

TEST(Endpoint, Ipv6StandsInBrackets) {
  EXPECT_EQ((Endpoint{*IpAddress::Parse("203.0.113.9"), 4711}).ToString(), "203.0.113.9:4711");
  EXPECT_EQ((Endpoint{*IpAddress::Parse("2001:db8::1"), 4711}).ToString(), "[2001:db8::1]:4711");
}

IpAddress Address(const char* text) { return *IpAddress::Parse(text); }

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
