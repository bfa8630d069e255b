// SPDX-License-Identifier: Apache-2.0
#include "evidence/client_networks.h"

#include <gtest/gtest.h>

#include <set>

namespace candor {
namespace {

IpAddress Ip(const char* text) { return *IpAddress::Parse(text); }

TEST(ClientNetworks, GroupsIpv4BySixteenBitsAndIpv6ByThirtyTwo) {
  const ClientNetworks networks({});
  EXPECT_EQ(networks.Of(Ip("203.0.1.1")).bucket, networks.Of(Ip("203.0.200.9")).bucket);
  EXPECT_EQ(networks.Of(Ip("2001:db8:1::1")).bucket, networks.Of(Ip("2001:db8:ffff::2")).bucket);
  std::set<uint8_t> buckets;
  for (uint32_t i = 0; i < 40; ++i) buckets.insert(networks.Of(IpAddress::V4((0x50u + i) << 24)).bucket);
  EXPECT_GT(buckets.size(), 20u) << "forty networks must not fall into a few buckets";
}

TEST(ClientNetworks, WidthIsConfigurable) {
  const ClientNetworks narrow({24, 48, {}});
  std::set<uint8_t> buckets;
  for (uint32_t i = 0; i < 40; ++i) buckets.insert(narrow.Of(IpAddress::V4(0x50000000u + (i << 8))).bucket);
  EXPECT_GT(buckets.size(), 20u);
}

TEST(ClientNetworks, PrivateAddressesGroupByHost) {
  const ClientNetworks networks({});
  std::set<uint8_t> buckets;
  for (uint32_t i = 1; i <= 40; ++i) buckets.insert(networks.Of(IpAddress::V4(0x0a000000u + i)).bucket);
  EXPECT_GT(buckets.size(), 20u);
}

TEST(ClientNetworks, TrustedSourcesAreThoseWithinAConfiguredPrefix) {
  const ClientNetworks networks({16, 32, *ParsePrefixList("203.0.113.0/24, 2001:db8::/32")});
  EXPECT_TRUE(networks.Of(Ip("203.0.113.7")).trusted);
  EXPECT_TRUE(networks.Of(Ip("2001:db8::7")).trusted);
  EXPECT_FALSE(networks.Of(Ip("203.0.114.7")).trusted);
}

}  // namespace
}  // namespace candor
