// SPDX-License-Identifier: Apache-2.0
#include "probe/sockets/udp_counters.h"

#include <gtest/gtest.h>

#include <string>

namespace candor {
namespace {

// As Linux 6.18 has it; fields that matter not are left out.
const std::string kSnmp =
    "Ip: Forwarding DefaultTTL InReceives OutRequests OutDiscards OutNoRoutes\n"
    "Ip: 1 64 5000 6000 7 9\n"
    "Icmp: InMsgs OutMsgs\n"
    "Icmp: 1 2\n"
    "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti "
    "MemErrors\n"
    "Udp: 1000 3 55 2000 50 20 0 0 5\n"
    "UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti "
    "MemErrors\n"
    "UdpLite: 9 9 9 9 9 9 9 9 9\n";
const std::string kSnmp6 =
    "Ip6OutDiscards                  \t1\n"
    "Udp6InDatagrams                 \t100\n"
    "Udp6OutDatagrams                \t200\n"
    "Udp6RcvbufErrors                \t10\n"
    "Udp6SndbufErrors                \t2\n"
    "Udp6MemErrors                   \t4\n"
    "UdpLite6InDatagrams             \t9\n";

TEST(UdpCounters, AddsUpBothVersionsOfIp) {
  const auto c = ParseUdpCounters(kSnmp, kSnmp6);
  ASSERT_TRUE(c.has_value()) << c.error().message;
  EXPECT_EQ(*c, (UdpCounters{1100, 60, 9, 2200, 22, 8}));
}

TEST(UdpCounters, AKernelWithoutIpv6HasOneOfThem) {
  EXPECT_EQ(ParseUdpCounters(kSnmp, "").value(), (UdpCounters{1000, 50, 5, 2000, 20, 7}));
}

TEST(UdpCounters, FieldsAreFoundByTheirNamesWhereverTheyStand) {
  const auto c = ParseUdpCounters(
      "Udp: SndbufErrors Novel OutDatagrams RcvbufErrors InDatagrams\nUdp: 1 99 2 3 4\n", "");
  EXPECT_EQ(c.value(), (UdpCounters{4, 3, 0, 2, 1, 0}));
}

TEST(UdpCounters, ANameThatBeginsOrEndsLikeAnotherIsNotIt) {
  const std::string six =
      "Udp6InDatagramsToo 9\nXUdp6InDatagrams 9\nUdp6InDatagrams 1\nUdp6OutDatagrams 2\nUdp6RcvbufErrors 3\n"
      "Udp6SndbufErrors 4";
  EXPECT_EQ(ParseUdpCounters("Udp: InDatagrams OutDatagrams RcvbufErrors SndbufErrors\nUdp: 0 0 0 0\n", six)
                .value(),
            (UdpCounters{1, 3, 0, 2, 4, 0}));
}

TEST(UdpCounters, WhatIsMissingIsNamed) {
  for (const char* field : {"InDatagrams", "OutDatagrams", "RcvbufErrors", "SndbufErrors"}) {
    std::string text = kSnmp;
    text.replace(text.find(field, text.find("\nUdp: ")), 3, "Xxx");
    const auto c = ParseUdpCounters(text, "");
    ASSERT_FALSE(c.has_value()) << field;
    EXPECT_NE(c.error().message.find(field), std::string::npos) << c.error().message;
  }
  EXPECT_EQ(ParseUdpCounters(kSnmp, "Udp6InDatagrams 1\n").error().message,
            "net/snmp6 has no Udp6RcvbufErrors");
}

TEST(UdpCounters, TextsThatAreCutOffOrNoNumbersAreErrorsAndNeverZero) {
  const size_t values = kSnmp.find("Udp: 1000");
  EXPECT_FALSE(ParseUdpCounters("", "").has_value());
  EXPECT_FALSE(ParseUdpCounters(kSnmp.substr(0, values), "").has_value());
  EXPECT_FALSE(ParseUdpCounters(kSnmp.substr(0, values + 20), "").has_value()) << "values end too early";
  EXPECT_FALSE(
      ParseUdpCounters("Udp: InDatagrams OutDatagrams RcvbufErrors SndbufErrors\nUdp: -1 2 3 4\n", "")
          .has_value());
  EXPECT_FALSE(
      ParseUdpCounters(
          "Udp: InDatagrams OutDatagrams RcvbufErrors SndbufErrors\nUdp: 1 2 99999999999999999999 4\n", "")
          .has_value());
  EXPECT_FALSE(ParseUdpCounters(kSnmp, "garbage").has_value());
}

}  // namespace
}  // namespace candor
