// SPDX-License-Identifier: Apache-2.0
//
// The kernel source on real sockets: a server process inside a cgroup, clients outside of it.
#include <gtest/gtest.h>

#include "event_recorder.h"
#include "fast_path_counts.h"
#include "peers.h"
#include "test_cgroup.h"
#include "tests/packets/packets.h"

namespace candor {
namespace {

// One source for all tests of this file: loads are few on purpose.
class SocketsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    cgroup_ = new TestCgroup("sockets");
    recorder_ = new EventRecorder(OptionsFor(cgroup_->path()));
  }
  static void TearDownTestSuite() {
    delete recorder_;
    delete cgroup_;
  }
  void SetUp() override {
    recorder_->Forget();
    ASSERT_EQ(recorder_->source().Health().blindness.text, "");
  }

  // A check and its answer between a client on `to` and a server on `bind`; the flow's key must be `local`
  // and `remote`, as the server sees them.
  void ExpectCheckSeen(const std::string& bind, const std::string& to) {
    const Server server(*cgroup_, bind);
    const Client client(to, server.port());
    ASSERT_EQ(client.Exchange(Check("node:peer", 3, true)), CheckAnswer(3));
    ASSERT_TRUE(recorder_->UntilPhase(server.port(), CANDOR_PHASE_NOMINATED));
    const auto events = recorder_->Of(server.port());
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].flow.phase, CANDOR_PHASE_OFFERED);
    EXPECT_EQ(events[0].flow.waiting_on, CANDOR_WAITING_ON_NODE);
    EXPECT_NE(events[1].flow.flags & CANDOR_F_ACKNOWLEDGED, 0u);
    EXPECT_EQ(LocalOf(events[1].key).ToString(),
              Endpoint({IpAddress::Parse(to).value(), server.port()}).ToString());
    EXPECT_EQ(RemoteOf(events[1].key).ToString(),
              Endpoint({IpAddress::Parse(to).value(), client.port()}).ToString());
    EXPECT_LE(events[0].at, events[1].at);
    EXPECT_EQ(UfragText(events[1].flow), "node");
    EXPECT_NE(events[1].flow.sock_cookie, 0u);
  }

  // Every packet of an active flow must take the fast path, in and out.
  void ExpectFastPath(const std::string& address) {
    const Server server(*cgroup_, address);
    const Client client(address, server.port());
    for (uint16_t i = 1; i <= 5; ++i) ASSERT_EQ(client.Exchange(Rtp(7, i)), Rtp(7, i));
    ASSERT_TRUE(recorder_->UntilPhase(server.port(), CANDOR_PHASE_ACTIVE));
    const UniqueFd cpus = NewestCpusMap();
    const uint64_t before = FastPathCounts(cpus.get())[CANDOR_C_MEDIA];
    for (uint16_t i = 6; i <= 25; ++i) ASSERT_EQ(client.Exchange(Rtp(7, i)), Rtp(7, i));
    EXPECT_EQ(FastPathCounts(cpus.get())[CANDOR_C_MEDIA] - before, 40u);
  }

  static TestCgroup* cgroup_;
  static EventRecorder* recorder_;
};
TestCgroup* SocketsTest::cgroup_ = nullptr;
EventRecorder* SocketsTest::recorder_ = nullptr;

TEST_F(SocketsTest, SeesACheckAndItsAnswer) { ExpectCheckSeen("127.0.0.1", "127.0.0.1"); }

TEST_F(SocketsTest, SeesThemOverIPv6) { ExpectCheckSeen("::1", "::1"); }

TEST_F(SocketsTest, ADualStackSocketsIPv4PeerIsAnIPv4Flow) { ExpectCheckSeen("::", "127.0.0.1"); }

TEST_F(SocketsTest, ADualStackSocketsIPv6PeerIsAnIPv6Flow) { ExpectCheckSeen("::", "::1"); }

TEST_F(SocketsTest, PlainMediaBothWaysIsActiveAndCanBeLookedUp) {
  const Time before = MonotonicNow();
  const Server server(*cgroup_, "127.0.0.1");
  const Client client("127.0.0.1", server.port());
  for (uint16_t i = 1; i <= 5; ++i) ASSERT_EQ(client.Exchange(Rtp(7, i)), Rtp(7, i));
  ASSERT_TRUE(recorder_->UntilPhase(server.port(), CANDOR_PHASE_ACTIVE));
  const FlowKey key = KeyOf("127.0.0.1", server.port(), "127.0.0.1", client.port());
  FlowState state{};
  ASSERT_TRUE(recorder_->source().Lookup(key, &state));
  EXPECT_EQ(state.phase, CANDOR_PHASE_ACTIVE);
  EXPECT_EQ(state.media_packets[CANDOR_IN], 5u);
  EXPECT_EQ(state.media_packets[CANDOR_OUT], 5u);
  // The coarse clock may be a tick behind.
  const Time earliest = before - std::chrono::milliseconds(20);
  EXPECT_GE(TimeFromNanos(state.last_media_out_ns), earliest);
  EXPECT_GE(recorder_->source().Activity().last_in, earliest);
  EXPECT_LE(recorder_->source().Activity().last_in, MonotonicNow());

  recorder_->source().Forget(key);
  EXPECT_FALSE(recorder_->source().Lookup(key, &state));
}

TEST_F(SocketsTest, MediaOfAnActiveFlowTakesTheFastPath) {
  ExpectFastPath("127.0.0.1");
  ExpectFastPath("::1");
}

TEST_F(SocketsTest, AServerOutsideOfTheCgroupIsNotSeen) {
  const TestCgroup elsewhere("elsewhere");
  const Server server(elsewhere, "127.0.0.1");
  const Client client("127.0.0.1", server.port());
  ASSERT_EQ(client.Exchange(Check("node:peer", 3, true)), CheckAnswer(3));
  // Something later that is seen proves that the first would have been.
  ExpectCheckSeen("127.0.0.1", "127.0.0.1");
  EXPECT_TRUE(recorder_->Of(server.port()).empty());
}

// Two media servers of one node: each in a cgroup of its own below the watched one.
TEST_F(SocketsTest, EachFlowNamesTheCgroupOfItsOwnSocket) {
  const TestCgroup first(*cgroup_, "first"), second(*cgroup_, "second");
  const Server one(first, "127.0.0.1"), other(second, "127.0.0.1"), parent(*cgroup_, "127.0.0.1");
  const auto exchange = [&](const Server& server) {
    const Client client("127.0.0.1", server.port());
    ASSERT_EQ(client.Exchange(Check("node:peer", 3, true)), CheckAnswer(3));
    ASSERT_TRUE(recorder_->UntilPhase(server.port(), CANDOR_PHASE_NOMINATED));
  };
  const auto expect_cgroup = [&](const Server& server, const TestCgroup& cgroup) {
    for (const FlowEvent& e : recorder_->Of(server.port())) EXPECT_EQ(e.flow.cgroup_id, cgroup.id());
  };
  exchange(one), exchange(other), exchange(parent);
  ASSERT_NE(first.id(), second.id());
  expect_cgroup(one, first);
  expect_cgroup(other, second);
  expect_cgroup(parent, *cgroup_);
}

TEST_F(SocketsTest, ForEachVisitsTheFlowsThatLookFinds) {
  const Server server(*cgroup_, "127.0.0.1");
  const Client client("127.0.0.1", server.port());
  ASSERT_EQ(client.Exchange(Check("node:peer", 3, true)), CheckAnswer(3));
  int found = 0;
  recorder_->source().ForEach([&](const FlowKey& key, const FlowState& state) {
    if (key.local_port != server.port()) return;
    ++found;
    EXPECT_EQ(RemoteOf(key).port, client.port());
    EXPECT_EQ(state.phase, CANDOR_PHASE_NOMINATED);
  });
  EXPECT_EQ(found, 1);
}

}  // namespace
}  // namespace candor
