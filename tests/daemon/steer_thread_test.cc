// SPDX-License-Identifier: Apache-2.0
//
// The thread against a real Redis, with heartbeats as LiveKit writes them. Prints what it measures.
#include "daemon/steer_thread.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <cstdio>

#include "tests/status/snapshots.h"
#include "tests/steer/redis_server.h"
#include "tests/steer/rows.h"

namespace candor::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using steer::RedisConnection;
using steer::SteerState;

constexpr Duration kHeartbeat = seconds(2);

// Writes the rows of ND_0 .. at 10.9.0.0 .., each at its own moment of the two seconds.
class Nodes {
 public:
  Nodes(const steer::RedisServer& server, int count) : redis_(server.Admin()), count_(count) {
    for (int i = 0; i < count_; ++i) Beat(i);
    worker_ = Worker([this](const std::stop_token& stop) { Run(stop); });
  }

 private:
  void Beat(int i) {
    const std::string n = std::to_string(i);
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    const std::string row = steer::MakeRow({.id = "ND_" + n,
                                            .ip = "10.9.0." + n,
                                            .region = "chi",
                                            .updated_at = std::chrono::floor<seconds>(wall).count()});
    std::ignore = redis_->Call({"HSET", "nodes", "ND_" + n, row}, MonotonicNow() + seconds(1));
  }
  void Run(const std::stop_token& stop) {
    for (int i = 0; !SleepUnlessStopped(stop, kHeartbeat / count_); i = (i + 1) % count_) Beat(i);
  }

  std::unique_ptr<RedisConnection> redis_;
  const int count_;
  Worker worker_;
};

// A candord as far as steering sees it.
class Node {
 public:
  Node(const steer::RedisServer& server, int i) {
    steer::SteerOptions options;
    options.redis.addresses = {server.address()};
    options.node_ip = "10.9.0." + std::to_string(i);
    snapshots_.Publish(SnapshotOf(State::kHealthy));
    thread_ = std::make_unique<SteerThread>(options, *steer::RedisDialer::Make(options.redis), snapshots_);
  }
  void Is(State state) { snapshots_.Publish(SnapshotOf(state)); }
  steer::SteerStatus status() const { return snapshots_.Read()->steering; }
  SteerState state() const { return status().state; }
  bool Await(SteerState wanted, Duration within = seconds(5)) {
    for (const Time end = MonotonicNow() + within; MonotonicNow() < end;) {
      if (state() == wanted) return true;
      std::this_thread::sleep_for(milliseconds(5));
    }
    ADD_FAILURE() << Name(state()) << " instead of " << Name(wanted) << ": " << status().text;
    return false;
  }
  void Stop() { thread_->Stop(); }

 private:
  SnapshotStore snapshots_;
  std::unique_ptr<SteerThread> thread_;
};

class Steering : public testing::Test {
 protected:
  std::optional<steer::NodeRow> Row(int i) {
    const auto row = admin_->Call({"HGET", "nodes", "ND_" + std::to_string(i)}, MonotonicNow() + seconds(2));
    return row ? steer::ReadNodeRow(row->text) : std::nullopt;
  }
  bool Serves(int i) { return Row(i)->serving(); }
  // The share of looks at which the row says SERVING.
  double ServingShare(Duration d) {
    int looks = 0, serving = 0;
    for (const Time end = MonotonicNow() + d; MonotonicNow() < end; ++looks) {
      serving += Serves(0) ? 1 : 0;
      std::this_thread::sleep_for(milliseconds(1));
    }
    return double{1} * serving / looks;
  }
  int Chosen(int count) {
    int n = 0;
    for (int i = 0; i < count; ++i) n += Serves(i) ? 1 : 0;
    return n;
  }

  steer::RedisServer server_;
  std::unique_ptr<RedisConnection> admin_ = server_.Admin();
};

TEST_F(Steering, TheRowHardlyEverSaysServingWhileTheNodeFails) {
  const Nodes nodes(server_, 4);
  Node node(server_, 0);
  ASSERT_TRUE(node.Await(SteerState::kReady));
  const Time before = MonotonicNow();
  node.Is(State::kFailing);
  while (Serves(0)) ASSERT_LT(MonotonicNow() - before, seconds(2));
  std::printf("row changed %.1f ms after the verdict\n", 1e3 * Seconds(MonotonicNow() - before));
  ASSERT_TRUE(node.Await(SteerState::kSteering));
  std::this_thread::sleep_for(seconds(1));
  const double share = ServingShare(seconds(12));
  std::printf("looking: SERVING in %.2f %% of the time\n", share * 100);
  EXPECT_LT(share, 0.02);
  admin_->Call({"CONFIG", "SET", "notify-keyspace-events", "Kh"}, MonotonicNow() + seconds(1));
  std::this_thread::sleep_for(seconds(3));
  const double notified = ServingShare(seconds(12));
  std::printf("notified: SERVING in %.2f %% of the time\n", notified * 100);
  EXPECT_LT(notified, 0.02);
  EXPECT_TRUE(node.status().notified);
  node.Is(State::kHealthy);
  EXPECT_TRUE(node.Await(SteerState::kReady));
  std::this_thread::sleep_for(kHeartbeat + milliseconds(200));
  EXPECT_TRUE(Serves(0)) << "LiveKit's own word";
  EXPECT_EQ(admin_->Call({"HLEN", steer::kNodesKey}, MonotonicNow() + seconds(1))->integer, 4);
  EXPECT_EQ(admin_->Call({"EXISTS", "candor:steered"}, MonotonicNow() + seconds(1))->integer, 0);
}

TEST_F(Steering, TenThatSickenAtOnceLeaveSeven) {
  const Nodes nodes(server_, 10);
  std::vector<std::unique_ptr<Node>> all;
  for (int i = 0; i < 10; ++i) all.push_back(std::make_unique<Node>(server_, i));
  for (auto& node : all) ASSERT_TRUE(node->Await(SteerState::kReady));
  for (auto& node : all) node->Is(State::kFailing);
  int least = 10;
  for (const Time end = MonotonicNow() + seconds(6); MonotonicNow() < end;)
    least = std::min(least, Chosen(10));
  int steered = 0, held = 0;
  for (auto& node : all) {
    steered += node->state() == SteerState::kSteering ? 1 : 0;
    held += node->state() == SteerState::kHeldBack ? 1 : 0;
  }
  std::printf("ten FAILING at once: %d steered, %d held back, never fewer than %d that serve\n", steered,
              held, least);
  EXPECT_EQ(steered, 3);
  EXPECT_EQ(held, 7);
  EXPECT_GE(least, 7);
}

TEST_F(Steering, WithoutRedisLiveKitsWordStandsAndTheReasonIsGivenInTime) {
  auto nodes = std::make_unique<Nodes>(server_, 4);
  Node node(server_, 0);
  node.Is(State::kDraining);
  ASSERT_TRUE(node.Await(SteerState::kSteering));
  const auto pid = std::stoi([&] {
    const auto info = admin_->Call({"INFO", "server"}, MonotonicNow() + seconds(1));
    return info->text.substr(info->text.find("process_id:") + 11);
  }());
  ::kill(pid, SIGSTOP);
  const Time before = MonotonicNow();
  EXPECT_TRUE(node.Await(SteerState::kUnavailable, seconds(5)));
  std::printf("frozen Redis: said so after %.2f s: %s\n", Seconds(MonotonicNow() - before),
              node.status().text.c_str());
  ::kill(pid, SIGCONT);
  EXPECT_TRUE(node.Await(SteerState::kSteering, seconds(5)));
  node.Stop();
  EXPECT_EQ(admin_->Call({"EXISTS", "candor:steered"}, MonotonicNow() + seconds(1))->integer, 0);
  std::this_thread::sleep_for(kHeartbeat + milliseconds(200));
  EXPECT_TRUE(Serves(0)) << "LiveKit's own word";
}

TEST(MustLeaveCluster, OnlyFailingAndDrainingNodes) {
  for (const State s : {State::kUnknown, State::kHealthy, State::kDegraded, State::kProbation})
    EXPECT_FALSE(MustLeaveCluster(SnapshotOf(s))) << Name(s);
  EXPECT_TRUE(MustLeaveCluster(SnapshotOf(State::kFailing)));
  EXPECT_TRUE(MustLeaveCluster(SnapshotOf(State::kDraining)));
  EXPECT_FALSE(MustLeaveCluster(SnapshotOf(State::kHealthy, SelfAnswer::kDown)))
      << "LiveKit knows that itself";
  EXPECT_FALSE(MustLeaveCluster(BlindSnapshot(State::kHealthy)));
}

}  // namespace
}  // namespace candor::daemon
