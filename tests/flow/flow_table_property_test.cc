// SPDX-License-Identifier: Apache-2.0
//
// Invariants of the flow table for any packets: the fuzzers' laws on seeded random packets.
#include <gtest/gtest.h>

#include <set>

#include "flow/state_machine.h"
#include "tests/fuzz/flow_laws.h"
#include "tests/packets/random_packets.h"

namespace candor {
namespace {

constexpr size_t kMaxFlows = 24;  // fewer than the stream's 5-tuples, so that eviction runs too

// The 5-tuple of an IP packet; false when it has none.
bool KeyIn(const RandomPacket& p, FlowKey* key) {
  const auto size = static_cast<uint32_t>(p.ip.size());
  const candor_bytes bytes{p.ip.data(), size, size};
  candor_udp udp{};
  const bool is_udp = candor_parse_ip(&bytes, p.dir, &udp) == CANDOR_IP_UDP;
  *key = udp.key;
  return is_udp;
}

class FlowTableProperties : public ::testing::TestWithParam<uint64_t> {
 protected:
  void Step(const RandomPacket& p) {
    FlowKey key{};
    const bool is_udp = KeyIn(p, &key);
    FlowState before{}, after{};
    if (is_udp) table_.Lookup(key, &before);
    const Counters counted = table_.counters();
    FlowEvent event;
    const bool due = table_.Packet(now_, p.dir, p.ip, p.ip.size(), p.segments, &event);
    ASSERT_EQ(fuzz::BrokenBetween(counted, table_.counters()), "");
    ASSERT_LE(table_.size(), kMaxFlows);
    if (!is_udp || !table_.Lookup(key, &after)) return;
    ASSERT_EQ(fuzz::BrokenIn(after, now_), "");
    ASSERT_EQ(fuzz::BrokenBetween(before, after, due), "");
    phases_.insert(after.phase);
    generations_ += after.generation != before.generation;
  }

  FlowTable table_{FlowTableOptions{.max_flows = kMaxFlows}};
  Time now_ = TimeFromNanos(1'000'000'000'000);
  std::set<int> phases_;
  int generations_ = 0;
};

TEST_P(FlowTableProperties, PhasesAndCountersAndTimesOnlyGoForward) {
  RandomPackets packets(GetParam());
  for (int i = 0; i < 20000 && !HasFatalFailure(); ++i) {
    now_ += std::chrono::microseconds(i % 97 == 0 ? 2'200'000 : 1500);
    SCOPED_TRACE("packet " + std::to_string(i));
    Step(packets.Next());
  }
  EXPECT_EQ(table_.counters()[CANDOR_C_FLOWS_NEW], table_.size() + table_.evicted());
  // The stream must cover all phases, new generations and evictions.
  EXPECT_EQ(phases_, (std::set<int>{0, 1, 2, 3, 4, 5}));
  EXPECT_GT(generations_, 10);
  EXPECT_GT(table_.evicted(), 10u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FlowTableProperties, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace candor
