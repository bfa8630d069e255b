// SPDX-License-Identifier: Apache-2.0
#include "pipeline/recent_sockets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RecentSocketsTest : public testing::Test {
 protected:
  void Begin(uint16_t port, uint64_t ufrag, uint8_t client = 1, uint64_t cgroup = 7, uint8_t local = 1) {
    FlowEvent e;
    e.at = Time(std::chrono::seconds(++second_));
    e.key.local_port = port;
    e.key.local_addr[15] = local;
    e.key.remote_addr[15] = client;
    e.flow.ufrag_hash = ufrag;
    e.flow.cgroup_id = cgroup;
    sockets_.Observe(e);
  }
  int second_ = 100;
  RecentSockets sockets_;
};

TEST_F(RecentSocketsTest, APortThatThreeSessionsShareStaysOpenBetweenThem) {
  Begin(7882, 1);
  Begin(7882, 2);
  EXPECT_THAT(sockets_.Request({}).shared_ports, IsEmpty()) << "an ICE restart looks the same";
  Begin(7882, 3);
  EXPECT_THAT(sockets_.Request({}).shared_ports, ElementsAre(7882));
}

TEST_F(RecentSocketsTest, APortThatIsUsedAgainLaterIsNotShared) {
  for (uint64_t session = 1; session <= 5; ++session) {
    Begin(20000, session);
    second_ += 50;
  }
  EXPECT_THAT(sockets_.Request({}).shared_ports, IsEmpty());
}

TEST_F(RecentSocketsTest, PlainCallsOnOnePortAreNotToldApart) {
  for (int i = 0; i < 5; ++i) Begin(20000, 0);
  EXPECT_THAT(sockets_.Request({}).ports, ElementsAre(20000));
  EXPECT_THAT(sockets_.Request({}).shared_ports, IsEmpty());
}

TEST_F(RecentSocketsTest, TheNewestAreKeptAndSharedPortsLongest) {
  for (uint64_t session = 1; session <= 3; ++session) Begin(7882, session);
  for (uint16_t i = 0; i < 100; ++i) {
    second_ -= i % 2;  // two a second
    Begin(static_cast<uint16_t>(20000 + i), 0, static_cast<uint8_t>(i), i + 1u);
  }
  const FactsRequest r = sockets_.Request({});
  EXPECT_EQ(r.ports.size(), FactsRequest::kPorts);
  EXPECT_THAT(r.shared_ports, ElementsAre(7882));
  EXPECT_EQ(r.ports.back(), 20099);
  EXPECT_THAT(r.cgroups, ElementsAre(100, 99, 98, 97));
  EXPECT_EQ(r.peers.size(), FactsRequest::kPeers);
  EXPECT_EQ(r.addresses.size(), 1u);
}

TEST_F(RecentSocketsTest, APortThatIsNotUsedWhileOthersAreWasGivenUp) {
  for (uint64_t session = 1; session <= 3; ++session) Begin(7882, session);
  second_ += 3600;
  EXPECT_THAT(sockets_.Request({}).shared_ports, ElementsAre(7882)) << "nobody calls";
  for (uint64_t session = 4; session <= 6; ++session) Begin(7999, session, 1, 7, 2);
  EXPECT_THAT(sockets_.Request({}).shared_ports, ElementsAre(7999));
  EXPECT_EQ(sockets_.Request({}).addresses.size(), 1u) << "the old address, too";
  Begin(7882, 9);
  EXPECT_THAT(sockets_.Request({}).shared_ports, ElementsAre(7882, 7999)) << "used again";
}

TEST_F(RecentSocketsTest, WhatStrangersSendToClosedPortsMakesNoPort) {
  Begin(7882, 1);
  for (uint64_t session = 2; session <= 9; ++session) Begin(7999, session, 2, 0, 9);
  EXPECT_THAT(sockets_.Request({}).ports, ElementsAre(7882));
  EXPECT_EQ(sockets_.Request({}).addresses.size(), 1u);
  EXPECT_EQ(sockets_.Request({}).peers.size(), 2u) << "a client whose packets the kernel drops";
}

TEST_F(RecentSocketsTest, ThePeersAreTheOnesThatFailWhereSomeDo) {
  for (uint8_t client = 1; client <= 9; ++client) Begin(7882, client, client);
  const IpAddress failing = IpAddress::V4(0xc0000207);
  sockets_.ObserveFailing({failing});
  EXPECT_THAT(sockets_.Request({}).peers, ElementsAre(failing));
  sockets_.ObserveFailing({});
  EXPECT_EQ(sockets_.Request({}).peers.size(), FactsRequest::kPeers);
}

TEST_F(RecentSocketsTest, TheConfiguredRangeIsAskedForWhereThereIsOne) {
  EXPECT_EQ(sockets_.Request({}).range_max, 0);
  EXPECT_EQ(sockets_.Request({20000, 30000}).range_min, 20000);
  EXPECT_EQ(sockets_.Request({20000, 30000}).range_max, 30000);
}

}  // namespace
}  // namespace candor
