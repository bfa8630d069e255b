// SPDX-License-Identifier: Apache-2.0
//
// Compares the two compilations of the state machine. The same random
// packets go through the loaded programs and through FlowTable; after each one the event and every counter
// must agree, and regularly the whole flow maps, byte for byte.
//
// Times are compared too: the object's test clock (rodata, a constant for the verifier) makes the kernel's
// time a parameter. Only the socket's cookie differs: user space has none.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <set>

#include "fast_path_counts.h"
#include "flow/flow_table.h"
#include "program.h"
#include "tests/packets/random_packets.h"

namespace candor {
namespace {

constexpr int kPackets = 120000;
constexpr uint64_t kSeed = 20260602;

std::string Hex(const Bytes& bytes) {
  std::string out;
  for (const uint8_t b : bytes) {
    out += "0123456789abcdef"[b >> 4];
    out += "0123456789abcdef"[b & 15];
  }
  return out;
}

bool SameState(FlowState kernel, const FlowState& user) {
  kernel.sock_cookie = 0;
  kernel.cgroup_id = 0;
  return std::memcmp(&kernel, &user, sizeof user) == 0;
}

class DifferentialTest : public testing::Test {
 protected:
  void SetUp() override { kernel_.Reset(); }

  void Step(const RandomPacket& p) {
    std::vector<FlowEvent> events;
    EXPECT_EQ(kernel_.Run(now_, p.dir, p.ip, p.segments, &events), 1u);
    FlowEvent event;
    const bool due = user_.Packet(now_, p.dir, p.ip, p.ip.size(), p.segments, &event);
    ASSERT_EQ(events.size(), due ? 1u : 0u);
    if (due) CompareEvents(events[0], event);
    ASSERT_EQ(kernel_.CountersSinceReset(), user_.counters());
  }
  void CompareEvents(const FlowEvent& kernel, const FlowEvent& user) {
    ASSERT_EQ(kernel.at, user.at);
    ASSERT_TRUE(FlowKeyEqual{}(kernel.key, user.key));
    ASSERT_TRUE(SameState(kernel.flow, user.flow));
    ASSERT_NE(kernel.flow.sock_cookie, 0u);
    phases_.insert(user.flow.phase);
    waiting_on_.insert(user.flow.waiting_on);
    restarts_ += user.flow.generation > 0;
    marks_ |= user.flow.marks;
    calls_ += user.flow.generation > 0 && user.flow.ufrag_hash == 0;
    if ((user.flow.flags & CANDOR_F_TURN_SERVER) != 0) server_phases_.insert(user.flow.phase);
    if ((user.flow.flags & CANDOR_F_TURN_CLIENT) != 0) client_phases_.insert(user.flow.phase);
  }
  void CompareMaps() {
    const auto flows = kernel_.Flows();
    ASSERT_EQ(flows.size(), user_.size());
    for (const auto& [key, state] : flows) {
      FlowState twin{};
      ASSERT_TRUE(user_.Lookup(key, &twin));
      reports_new_ += twin.reports_new;
      reports_none_ += twin.reports_none;
      ASSERT_TRUE(SameState(state, twin)) << LocalOf(key).ToString() << " " << RemoteOf(key).ToString();
    }
  }
  // Erases all flows now and then, so that early phases occur often.
  void ForgetAll() {
    for (const auto& [key, state] : kernel_.Flows()) {
      kernel_.Forget(key);
      user_.Forget(key);
    }
  }

  Program& kernel_ = Program::Shared();
  FlowTable user_{FlowTableOptions{}};
  Time now_ = TimeFromNanos(10'000'000'000'000);  // later than any other test of this binary
  std::set<int> phases_, waiting_on_;
  std::set<int> server_phases_, client_phases_;  // of flows on either side of TURN
  int restarts_ = 0, calls_ = 0;
  uint64_t reports_new_ = 0, reports_none_ = 0;  // over all comparisons of the maps
  uint16_t marks_ = 0;
};

TEST_F(DifferentialTest, KernelAndUserSpaceAgreeOnEveryPacket) {
  RandomPackets packets(kSeed);
  const Counters fast_before = kernel_.FastPathCounts();
  for (int i = 0; i < kPackets && !HasFatalFailure(); ++i) {
    now_ += std::chrono::microseconds(i % 67 == 0 ? 2'500'000 : 1500);  // a call may end
    const RandomPacket p = packets.Next();
    SCOPED_TRACE("packet " + std::to_string(i) + (p.dir == CANDOR_IN ? " in " : " out ") + Hex(p.ip));
    Step(p);
    if (i % 50 == 0) CompareMaps();
    if (i % 400 == 399) ForgetAll();
  }
  if (HasFatalFailure()) return;
  CompareMaps();
  EXPECT_EQ(kernel_.Activity().last_in, user_.activity().last_in);
  EXPECT_EQ(kernel_.Activity().last_out, user_.activity().last_out);
  // The stream must cover every phase, every waited_on and every counter was met.
  EXPECT_EQ(phases_, (std::set<int>{1, 2, 3, 4, 5}));
  EXPECT_EQ(waiting_on_, (std::set<int>{0, 1, 2, 3}));
  EXPECT_GT(restarts_, 10);
  EXPECT_GT(calls_, 10);
  EXPECT_GT(reports_new_, 1000u);
  EXPECT_GT(reports_none_, 20u);
  EXPECT_EQ(marks_, CANDOR_M_EVENT_MASK | CANDOR_M_HS_GAP | CANDOR_M_HS_WHOLE);
  EXPECT_EQ(server_phases_, (std::set<int>{1, 2, 3, 5}));  // a relay secures nothing
  EXPECT_EQ(client_phases_, (std::set<int>{1, 2, 3, 4, 5}));
  // User space reads every packet in full; enough of them must have taken the kernel's fast path.
  const Counters fast = kernel_.FastPathCounts();
  const bool shown = TestRunShowsHeaders();
  EXPECT_EQ(fast[CANDOR_C_MEDIA] - fast_before[CANDOR_C_MEDIA] > 1000, shown);
  EXPECT_EQ(fast[CANDOR_C_QUIC] - fast_before[CANDOR_C_QUIC] > 200, shown);
  const std::set<int> elsewhere = {CANDOR_C_FLOWS_FULL, CANDOR_C_RING_FULL, CANDOR_C_NO_SCRATCH};
  for (int c = 0; c < CANDOR_C_MAX; ++c) {
    const auto counter = static_cast<candor_counter>(c);
    if (elsewhere.contains(c)) continue;
    EXPECT_GT(user_.counters()[counter], 20u) << CounterName(counter);
  }
}

}  // namespace
}  // namespace candor
