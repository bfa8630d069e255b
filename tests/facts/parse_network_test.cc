// SPDX-License-Identifier: Apache-2.0
#include "facts/parse_network.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

IpAddress Ip(std::string_view text) { return *IpAddress::Parse(text); }

TEST(ParseNetwork, EveryUdpSocketComesWithItsQueues) {
  std::vector<UdpSocketRow> rows;
  ForEachUdpSocket(
      "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref "
      "pointer drops\n"
      "  177: 0100007F:1388 00000000:0000 07 00000010:00034000 00:00000000 00000000     0        0 38013 2 "
      "00000000e0f54d3f 80\n"
      "  178: 00000000000000000000000000000000:4E20 00000000000000000000000000000000:0000 07 "
      "00000000:00000000 "
      "00:00000000 00000000  1000        0 38014 2 00000000e0f54d40 0\n"
      "  179: cut\n",
      [&](const UdpSocketRow& r) { rows.push_back(r); });
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0], (UdpSocketRow{5000, 16, 212992, 80}));
  EXPECT_EQ(rows[1], (UdpSocketRow{20000, 0, 0, 0}));
}

TEST(ParseNetwork, LocalAddressesAreThoseOfBothFamilies) {
  const auto local = ParseLocalAddresses(
      "Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 192.0.2.0\n        /24 link UNICAST\n     |-- 192.0.2.1\n"
      "        /32 host LOCAL\n     |-- 198.51.100.0\n        /24 host LOCAL\n",
      "20010db8000000000000000000000001 02 40 00 80     eth0\n");
  ASSERT_EQ(local.size(), 3u);
  EXPECT_TRUE(local[0].Contains(Ip("192.0.2.1")));
  EXPECT_FALSE(local[0].Contains(Ip("192.0.2.2")));
  EXPECT_TRUE(local[1].Contains(Ip("198.51.100.77"))) << "a local route of a whole prefix";
  EXPECT_TRUE(local[2].Contains(Ip("2001:db8::1")));
}

// As a little-endian machine prints them.
constexpr std::string_view kRoutes =
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
    "*\t007100CB\t00000000\t0200\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";

TEST(ParseNetwork, TheLongestPrefixIsTheRoute) {
  const auto routes = ParseRoutes(kRoutes,
                                  "20010db8000000000000000000000000 40 00000000000000000000000000000000 00 "
                                  "00000000000000000000000000000000 "
                                  "00000100 00000001 00000000 00000001     eth0\n"
                                  "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
                                  "00000000000000000000000000000000 "
                                  "ffffffff 00000001 00000000 00200200       lo\n");
  ASSERT_EQ(routes.size(), 5u);
  const Route* on_link = RouteTo(Ip("192.0.2.77"), routes);
  ASSERT_NE(on_link, nullptr);
  EXPECT_FALSE(on_link->has_gateway());
  const Route* by_default = RouteTo(Ip("8.8.8.8"), routes);
  ASSERT_NE(by_default, nullptr);
  EXPECT_EQ(by_default->gateway, Ip("192.0.2.1"));
  EXPECT_EQ(by_default->device, "eth0");
  EXPECT_TRUE(RouteTo(Ip("203.0.113.9"), routes)->refuses);
  EXPECT_EQ(RouteTo(Ip("2001:db8::9"), routes)->device, "eth0");
  EXPECT_TRUE(RouteTo(Ip("2001:db9::9"), routes)->refuses);
}

TEST(ParseNetwork, WithoutADefaultRouteThereIsNone) {
  const auto routes =
      ParseRoutes("Iface ...\neth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n", "");
  EXPECT_EQ(RouteTo(Ip("8.8.8.8"), routes), nullptr);
}

TEST(ParseNetwork, AnUnresolvedNeighbourHasNoCompleteFlag) {
  const auto dead = ParseUnresolved(
      "IP address       HW type     Flags       HW address            Mask     Device\n"
      "192.0.2.1        0x1         0x2         52:54:00:00:00:01     *        eth0\n"
      "192.0.2.7        0x1         0x0         00:00:00:00:00:00     *        eth0\n");
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0], Ip("192.0.2.7"));
}

TEST(ParseNetwork, ConntrackDropsAreOfAllCpus) {
  const auto stat = ParseConntrackStat(
      "entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop\n"
      "00000010 0 0 0 0 0 0 0 0 00000000 0000000a 00000000\n"
      "00000010 0 0 0 0 0 0 0 0 00000000 00000005 00000000\n");
  ASSERT_TRUE(stat);
  EXPECT_EQ(*stat, (ConntrackStat{16, 15}));
  EXPECT_FALSE(ParseConntrackStat(""));
}

}  // namespace
}  // namespace candor
