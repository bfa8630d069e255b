// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/wrong_cgroup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using testing::HasSubstr;

WatchFacts Named() {
  WatchFacts f;
  f.cgroup = "/cg/media";
  return f;
}

struct Row {
  const char* what;
  WatchFacts facts;
  uint64_t datagrams;
  const char* code;     // of the blindness
  const char* mention;  // in its text, or in the warning when there is no code
};

WatchFacts With(const std::function<void(WatchFacts&)>& change) {
  WatchFacts f = Named();
  change(f);
  return f;
}

TEST(FindMisplacement, TellsEachCaseByItsFacts) {
  const Row rows[] = {
      {"docker's default", With([](auto& f) { f.automatic = f.private_namespace = f.only_self = true; }), 0,
       "cgroup_namespace", "--cgroupns=host -v /sys/fs/cgroup:/sys/fs/cgroup:ro"},
      {"a part of the tree is mounted", With([](auto& f) { f.automatic = f.only_self = true; }), 0,
       "cgroup_namespace", "not the root of the machine's tree"},
      {"docker's default with an init process and a busy server elsewhere",
       With([](auto& f) { f.automatic = f.private_namespace = true, f.outside = 3; }), 900,
       "cgroup_namespace", "no UDP socket belongs to it"},
      {"the same and no traffic: nothing to see, nothing to say",
       With([](auto& f) { f.automatic = f.private_namespace = true, f.outside = 3; }), 0, "", ""},
      {"server and candord in one container, other UDP on the node",
       With([](auto& f) { f.automatic = f.private_namespace = true, f.outside = 3, f.inside = 1; }), 900, "",
       "If the media server is busy"},
      {"candord's own cgroup was named", With([](auto& f) { f.only_self = true; }), 0, "wrong_cgroup",
       "/cg/media"},
      {"a socket made before the process moved, or inherited", With([](auto& f) {
         f.outside = 1, f.proven_port = 7882, f.proof = "process 12 in the cgroup has it open";
       }),
       900, "sockets_outside_cgroup", "UDP port 7882 was made outside of /cg/media (process 12"},
      {"the same without traffic",
       With([](auto& f) { f.outside = 1, f.proven_port = 7882, f.proof = "process 12"; }), 0, "", ""},
      {"a busy DNS server beside an idle media server", With([](auto& f) { f.outside = 1; }), 900, "",
       "1 UDP socket is in the network namespace outside of /cg/media, 0 in it"},
      {"only loopback and tunnels outside", Named(), 900, "", ""},
      {"sockets that cannot be read", With([](auto& f) { f.sockets_unknown = "no udp_diag"; }), 900, "",
       "not known (no udp_diag)"},
      {"the root of the tree", With([](auto& f) { f.tree_root = f.automatic = true; }), 900,
       "probes_see_nothing", "900 datagrams in 30 s"},
      {"the root of the tree, idle", With([](auto& f) { f.tree_root = f.automatic = true; }), 0, "", ""},
      {"the root of the tree, only some ports",
       With([](auto& f) { f.tree_root = true, f.all_ports = false, f.port_min = 20000, f.port_max = 30000; }),
       900, "", "only local ports 20000-30000"},
  };
  for (const Row& row : rows) {
    const auto [blindness, warning] = FindMisplacement(row.facts, row.datagrams);
    EXPECT_EQ(blindness.code, row.code) << row.what;
    EXPECT_THAT(*row.code ? blindness.text : warning, HasSubstr(row.mention)) << row.what;
    EXPECT_EQ(warning.empty(), *row.code != '\0' || *row.mention == '\0') << row.what;
  }
}

class WrongCgroupTest : public testing::Test {
 protected:
  // A second with so many datagrams in each direction, of which the probes see `packets`.
  void Pass(int seconds, uint64_t received = 50, uint64_t sent = 50) {
    for (int i = 0; i < seconds; ++i) {
      now_ += std::chrono::seconds(1);
      sockets_.received += received;
      sockets_.sent += sent;
      place_.Note(now_, counters_, sockets_);
    }
  }
  std::string Code() const { return place_.blindness().code; }

  WatchFacts facts_ = With([](auto& f) { f.outside = 1, f.proven_port = 7882, f.proof = "process 12"; });
  int reads_ = 0, socket_reads_ = 0;
  WrongCgroup place_{[this](bool with_sockets) {
    ++reads_;
    socket_reads_ += with_sockets ? 1 : 0;
    return facts_;
  }};
  Time now_ = TimeFromNanos(1'000'000'000);
  Counters counters_{};
  SocketCounts sockets_;
};

TEST_F(WrongCgroupTest, AServerWhosePacketsAreNotSeenIsReportedAfterAWindow) {
  Pass(30);
  EXPECT_EQ(Code(), "");
  Pass(1);
  EXPECT_EQ(Code(), "sockets_outside_cgroup");
  EXPECT_THAT(place_.blindness().text, HasSubstr("3000 datagrams"));
}

TEST_F(WrongCgroupTest, EndsWithTheFirstPacketOfAMediaProtocol) {
  for (const int kind : {CANDOR_C_STUN, CANDOR_C_DTLS, CANDOR_C_CHANNEL_DATA, CANDOR_C_ZRTP}) {
    Pass(31);
    ASSERT_NE(Code(), "");
    ++counters_[kind];
    Pass(1);
    EXPECT_EQ(Code(), "") << kind;
  }
  Pass(31);
  ASSERT_NE(Code(), "");
  counters_[CANDOR_C_MEDIA] += 11;
  Pass(1);
  EXPECT_EQ(Code(), "");
}

TEST_F(WrongCgroupTest, TheServersOwnNameLookupsAreNoSightOfMedia) {
  for (int i = 0; i < 31; ++i) {
    Pass(1);
    if (i % 10 == 0) ++counters_[CANDOR_C_MEDIA];  // an id that looks like RTP
    if (i % 5 == 0) counters_[CANDOR_C_PACKETS] += 2;
  }
  EXPECT_EQ(Code(), "sockets_outside_cgroup");
}

TEST_F(WrongCgroupTest, FewDatagramsAreNoEvidence) {
  Pass(300, 3, 3);
  EXPECT_EQ(Code(), "");
  EXPECT_EQ(socket_reads_, 0);
}

TEST_F(WrongCgroupTest, ATunnelOfTheKernelReceivesWithoutASocketAndIsNoEvidence) {
  facts_ = With([](auto& f) { f.tree_root = f.automatic = true; });
  counters_[CANDOR_C_PACKETS] = 100;
  for (int i = 0; i < 300; ++i) {
    counters_[CANDOR_C_PACKETS] += i % 2;  // all that sockets send
    Pass(1, 5000, static_cast<uint64_t>(i) % 2);
  }
  EXPECT_EQ(Code(), "");
}

TEST_F(WrongCgroupTest, DatagramsThatTheProbesSeeAreExplained) {
  for (int i = 0; i < 300; ++i) {
    counters_[CANDOR_C_PACKETS] += 100;  // QUIC, say
    Pass(1);
  }
  EXPECT_EQ(Code(), "");
  EXPECT_EQ(place_.warning(), "");
}

TEST_F(WrongCgroupTest, ANodeThatSeesMediaNeverReadsTheFacts) {
  for (int i = 0; i < 300; ++i) {
    ++counters_[CANDOR_C_STUN];
    Pass(1);
  }
  EXPECT_EQ(reads_, 0);
}

TEST_F(WrongCgroupTest, OneWindowWithoutAReasonDoesNotEndIt) {
  Pass(31);
  Pass(31, 0, 0);
  EXPECT_EQ(Code(), "sockets_outside_cgroup") << "a pause of half a minute";
  facts_ = Named();
  Pass(31, 0, 0);
  EXPECT_EQ(Code(), "");
}

TEST_F(WrongCgroupTest, WhatIsNoProofIsAWarningThatEnds) {
  facts_ = With([](auto& f) { f.outside = 1; });
  Pass(31);
  EXPECT_EQ(Code(), "");
  EXPECT_THAT(place_.warning(), HasSubstr("outside of /cg/media"));
  Pass(31, 0, 0);
  EXPECT_EQ(place_.warning(), "");
}

TEST_F(WrongCgroupTest, CountersThatCannotBeReadForAWhileAreNoTraffic) {
  Pass(5);
  const SocketCounts known = sockets_;
  sockets_ = {};
  Pass(28, 0, 0);
  EXPECT_EQ(Code(), "");
  sockets_ = known;
  Pass(1, 0, 0);
  EXPECT_EQ(Code(), "");
}

TEST_F(WrongCgroupTest, BeginsAnewWhenTheProbesWereDetached) {
  Pass(31);
  place_.Reset();
  EXPECT_EQ(Code(), "");
  Pass(30);
  EXPECT_EQ(Code(), "");
  Pass(1);
  EXPECT_EQ(Code(), "sockets_outside_cgroup");
}

}  // namespace
}  // namespace candor
