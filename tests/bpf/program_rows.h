// SPDX-License-Identifier: Apache-2.0
//
// Rows of packets through the loaded programs, each with its expected end.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "program.h"
#include "tests/packets/packets.h"

namespace candor {

struct Packet {
  candor_dir dir;
  Bytes ip;
  uint16_t segments = 1;
};

struct Row {
  std::string description;
  FlowKey key;
  std::vector<Packet> packets;
  int phase;       // -1: no flow at all
  int waiting_on;  // as the flow was last reported
  uint32_t flags;  // all must be set
  std::vector<std::pair<candor_counter, uint64_t>> counters;
  size_t events;
};

inline Packet In(const FlowKey& k, const Bytes& payload) { return {CANDOR_IN, Udp(k, CANDOR_IN, payload)}; }
inline Packet Out(const FlowKey& k, const Bytes& payload) {
  return {CANDOR_OUT, Udp(k, CANDOR_OUT, payload)};
}

inline std::vector<Packet> Then(std::vector<Packet> a, const std::vector<Packet>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

class ProgramTest : public testing::Test {
 protected:
  void SetUp() override { Program::Shared().Reset(); }

  void Expect(const Row& row) {
    SCOPED_TRACE(row.description);
    Program& program = Program::Shared();
    program.Reset();
    std::vector<FlowEvent> events;
    for (const auto& p : row.packets) {
      now_ += std::chrono::milliseconds(20);
      EXPECT_EQ(program.Run(now_, p.dir, p.ip, p.segments, &events), 1u);
    }
    FlowState flow{};
    ASSERT_EQ(program.Lookup(row.key, &flow), row.phase >= 0);
    if (row.phase >= 0) {
      EXPECT_EQ(flow.phase, row.phase);
      EXPECT_EQ(flow.waiting_on, row.waiting_on);
      EXPECT_EQ(flow.flags & row.flags, row.flags);
      EXPECT_GT(flow.sock_cookie, 0u);
    }
    const auto counters = program.CountersSinceReset();
    for (const auto& [counter, n] : row.counters) EXPECT_EQ(counters[counter], n) << CounterName(counter);
    EXPECT_EQ(events.size(), row.events);
    EXPECT_EQ(counters[CANDOR_C_EVENTS], row.events);
    for (const auto& e : events) EXPECT_TRUE(FlowKeyEqual{}(e.key, row.key));
  }

  Time now_ = TimeFromNanos(1'000'000'000);
};

}  // namespace candor
