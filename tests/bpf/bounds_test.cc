// SPDX-License-Identifier: Apache-2.0
//
// A ring and a flow map that are too small, and a range of ports, with one kernel source.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event_recorder.h"
#include "peers.h"
#include "test_cgroup.h"
#include "tests/packets/packets.h"

namespace candor {
namespace {

constexpr uint32_t kFlows = 64;
constexpr int kPeers = 300;
constexpr uint16_t kUnfollowed = 10017;

TEST(BoundsTest, WhatDoesNotFitIsCountedAndMadeGood) {
  const TestCgroup cgroup("bounds");
  ProbeOptions options = OptionsFor(cgroup.path());
  options.flows_max = kFlows;
  options.ring_bytes = 4096;
  options.port_min = 20000;
  EventRecorder recorder(options);
  ASSERT_EQ(recorder.source().Health().blindness.text, "");

  const Server server(cgroup, "127.0.0.1");
  std::vector<Client> clients;  // kept, so that no port is used twice
  for (int i = 0; i < kPeers; ++i) {
    clients.emplace_back("127.0.0.1", server.port());
    ASSERT_EQ(clients.back().Exchange(Check("node:peer", 3, true)), CheckAnswer(3));
  }
  ASSERT_TRUE(recorder.UntilCode("ring_overflow"));
  const auto blind = recorder.source().Health();
  EXPECT_EQ(blind.counters[CANDOR_C_STUN], 2u * kPeers);
  EXPECT_EQ(blind.counters[CANDOR_C_EVENTS] + blind.counters[CANDOR_C_RING_FULL], 2u * kPeers);
  EXPECT_EQ(recorder.Of(server.port()).size(), blind.counters[CANDOR_C_EVENTS]);

  size_t nominated = 0;
  recorder.source().ForEach(
      [&](const FlowKey&, const FlowState& f) { nominated += f.phase == CANDOR_PHASE_NOMINATED; });
  const auto reconciled = recorder.source().Health();
  EXPECT_EQ(reconciled.blindness.code, "");
  EXPECT_THAT(reconciled.notes, testing::Contains(testing::HasSubstr("lost to a full ring")));
  EXPECT_GT(nominated, 0u);
  EXPECT_EQ(reconciled.flows_open, nominated);
  EXPECT_LE(reconciled.flows_open, kFlows);
  EXPECT_EQ(reconciled.flows_max, kFlows);
  EXPECT_EQ(reconciled.flows_evicted, reconciled.counters[CANDOR_C_FLOWS_NEW] - nominated);

  const Server unfollowed(cgroup, "127.0.0.1", kUnfollowed);
  const Client client("127.0.0.1", kUnfollowed);
  ASSERT_EQ(client.Exchange(Check("node:peer", 3, true)), CheckAnswer(3));
  EXPECT_TRUE(recorder.Until([&] { return recorder.source().Health().counters == reconciled.counters; }));
  EXPECT_TRUE(recorder.Of(kUnfollowed).empty());
}

}  // namespace
}  // namespace candor
