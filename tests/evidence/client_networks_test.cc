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
  const ClientNetworks narrow({24, 48, {}, {}});
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
  const ClientNetworks networks({16, 32, *ParsePrefixList("203.0.113.0/24, 2001:db8::/32"), {}});
  EXPECT_TRUE(networks.Of(Ip("203.0.113.7")).trusted);
  EXPECT_TRUE(networks.Of(Ip("2001:db8::7")).trusted);
  EXPECT_FALSE(networks.Of(Ip("203.0.114.7")).trusted);
}

TEST(ClientNetworks, ClientsBehindANat64CountByTheirIpv4Network) {
  const ClientNetworks networks({});
  for (const char* prefix : {"64:ff9b::", "64:ff9b:1:2:3:4:"}) {
    const auto bucket = [&](const char* v4) {
      return networks.Of(Ip((prefix + std::string(v4)).c_str())).bucket;
    };
    EXPECT_EQ(bucket("203.0.1.1"), networks.Of(Ip("203.0.7.9")).bucket) << prefix;
    std::set<uint8_t> buckets;
    for (uint32_t i = 0; i < 40; ++i) buckets.insert(bucket((std::to_string(80 + i) + ".1.2.3").c_str()));
    EXPECT_GT(buckets.size(), 20u) << prefix << ": forty networks are no single one";
    EXPECT_NE(bucket("10.0.0.1"), bucket("10.0.0.2")) << prefix << ": private ones group by host";
  }
  EXPECT_EQ(networks.Of(Ip("64:ff9b:2::80.1.2.3")).bucket, networks.Of(Ip("64:ff9b:2::90.1.2.3")).bucket)
      << "neither of the two known prefixes";
}

TEST(ClientNetworks, ConfiguredPrefixesAreTranslatorsToo) {
  const ClientNetworks plain({}), translating({16, 32, {}, *ParsePrefixList("2001:db8:122::/48")});
  const IpAddress a = Ip("2001:db8:122:5001:2:300::"),
                  b = Ip("2001:db8:122:5a01:2:300::");  // 80.1.2.3, 90.1.2.3
  EXPECT_EQ(plain.Of(a).bucket, plain.Of(b).bucket);
  EXPECT_EQ(translating.Of(a).bucket, plain.Of(Ip("80.1.9.9")).bucket);
  EXPECT_EQ(translating.Of(b).bucket, plain.Of(Ip("90.1.9.9")).bucket);
}

TEST(ClientNetworks, ATrustedSourceIsTrustedBehindANat64) {
  const ClientNetworks networks({16, 32, *ParsePrefixList("203.0.113.0/24, 64:ff9b::198.51.100.0/120"), {}});
  EXPECT_TRUE(networks.Of(Ip("64:ff9b::203.0.113.7")).trusted);
  EXPECT_TRUE(networks.Of(Ip("64:ff9b::198.51.100.7")).trusted);
  EXPECT_FALSE(networks.Of(Ip("64:ff9b::203.0.114.7")).trusted);
}

}  // namespace
}  // namespace candor
