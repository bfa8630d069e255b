// SPDX-License-Identifier: Apache-2.0
#include "attempt/server_totals.h"

#include <gtest/gtest.h>

#include "attempt/attempt_tracker.h"
#include "tests/packets/packets.h"

namespace candor {
namespace {

Time At(double seconds) { return Time(FromSeconds(seconds)); }

// An acknowledged attempt at the local port, which the node last answered at `last_out`.
FlowEvent Flow(uint16_t local_port, uint16_t client, double first, double last_out = 0) {
  FlowEvent e;
  e.at = At(first);
  e.key = KeyOf("192.0.2.1", local_port, "198.51.100.7", client);
  e.flow.ufrag_hash = client;
  e.flow.first_ns = e.flow.last_in_ns = NanosOf(At(first));
  e.flow.last_out_ns = last_out == 0 ? 0 : NanosOf(At(last_out));
  e.flow.flags = CANDOR_F_BEGAN | CANDOR_F_ACKNOWLEDGED;
  e.flow.phase = CANDOR_PHASE_ANSWERED;
  return e;
}

class ServerTotalsTest : public ::testing::Test {
 protected:
  std::vector<uint32_t> events_;
  AttemptTracker tracker_{{},
                          [this](const AttemptEvent& e) { events_.push_back(e.server); },
                          [](const FlowEvent& e) { return AttemptServer{e.key.local_port}; }};
};

TEST_F(ServerTotalsTest, AttemptsCountAtTheirServerAndInTheSum) {
  tracker_.OnFlow(Flow(100, 1, 20));
  tracker_.OnFlow(Flow(200, 2, 21));
  tracker_.OnFlow(Flow(200, 3, 22));
  EXPECT_EQ(tracker_.CountsOf(100).attempts, 1u);
  EXPECT_EQ(tracker_.CountsOf(200).attempts, 2u);
  EXPECT_EQ(tracker_.CountsOf(300).attempts, 0u);
  EXPECT_EQ(tracker_.counts().attempts, 3u);
  EXPECT_TRUE(tracker_.CountsOf(200).AddsUp());
  EXPECT_EQ(tracker_.Attempts(1).front().server, 200u);
  EXPECT_EQ(tracker_.Flows(1).front().server, 200u);
}

TEST_F(ServerTotalsTest, EveryEventHasTheServerOfItsAttempt) {
  tracker_.OnFlow(Flow(100, 1, 20));
  ASSERT_FALSE(events_.empty());
  for (const uint32_t server : events_) EXPECT_EQ(server, 100u);
}

TEST_F(ServerTotalsTest, TheActivityOfAServerIsThatOfItsOwnFlows) {
  tracker_.OnFlow(Flow(100, 1, 20, 20.5));
  tracker_.OnFlow(Flow(200, 2, 30));
  EXPECT_EQ(tracker_.ActivityOf(100).last_in, At(20));
  EXPECT_EQ(tracker_.ActivityOf(100).last_out, At(20.5));
  EXPECT_EQ(tracker_.ActivityOf(200).last_in, At(30));
  EXPECT_EQ(tracker_.ActivityOf(200).last_out, Time{});
}

TEST_F(ServerTotalsTest, AServerWithAnOpenAttemptIsNotForgotten) {
  tracker_.OnFlow(Flow(100, 1, 20));
  EXPECT_FALSE(tracker_.ForgetServer(100));
  EXPECT_TRUE(tracker_.ForgetServer(200));
  EXPECT_EQ(tracker_.CountsOf(100).attempts, 1u);
}

}  // namespace
}  // namespace candor
