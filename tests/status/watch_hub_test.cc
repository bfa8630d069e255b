// SPDX-License-Identifier: Apache-2.0
#include "status/watch_hub.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "tests/status/snapshots.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = Watcher::Clock;

class FakeWatcher : public Watcher {
 public:
  void Offer(const SnapshotPtr& s) override { newest = std::max(newest.load(), s->sequence); }
  bool HasHeartbeat() const override { return false; }
  Clock::time_point SendHeartbeat(const SnapshotPtr&, Clock::time_point) override {
    return Clock::time_point::max();
  }
  void Close() override { ++closed; }
  std::atomic<uint64_t> newest{0};
  std::atomic<int> closed{0};
};

// Holds the hub's thread until it is let go.
class StuckWatcher final : public FakeWatcher {
 public:
  void Offer(const SnapshotPtr& s) override {
    if (s->sequence > 0) {
      stuck.count_down();
      go_on.wait();
    }
    FakeWatcher::Offer(s);
  }
  std::latch stuck{1};
  std::latch go_on{1};
};

TEST(WatchHub, OffersThePresentSnapshotAtOnceAndEveryChangeSoon) {
  SnapshotStore snapshots;
  snapshots.Publish(SnapshotOf(State::kHealthy));
  WatchHub hub(snapshots);
  auto watcher = std::make_shared<FakeWatcher>();
  hub.Add(watcher);
  EXPECT_EQ(watcher->newest, 1u);
  snapshots.Publish(SnapshotOf(State::kFailing));
  EXPECT_TRUE(Eventually([&] { return watcher->newest == 2; }));
}

TEST(WatchHub, ForgetsAWatcherThatIsRemoved) {
  SnapshotStore snapshots;
  WatchHub hub(snapshots);
  auto gone = std::make_shared<FakeWatcher>();
  auto stays = std::make_shared<FakeWatcher>();
  hub.Add(gone);
  hub.Add(stays);
  hub.Remove(gone.get());
  EXPECT_EQ(hub.size(), 1u);
  snapshots.Publish(SnapshotOf(State::kHealthy));
  EXPECT_TRUE(Eventually([&] { return stays->newest == 1; }));
  EXPECT_EQ(gone->newest, 0u);
}

TEST(WatchHub, StopClosesEveryWatcherOnceAndLaterOnesAtOnce) {
  SnapshotStore snapshots;
  WatchHub hub(snapshots);
  auto early = std::make_shared<FakeWatcher>();
  hub.Add(early);
  hub.Stop();
  hub.Stop();
  EXPECT_EQ(early->closed, 1);
  auto late = std::make_shared<FakeWatcher>();
  hub.Add(late);
  EXPECT_EQ(late->closed, 1);
  snapshots.Publish(SnapshotOf(State::kHealthy));
  EXPECT_EQ(early->newest, 0u);
}

// One watcher of the hub is stuck in the middle of the fan-out: publishing goes on.
TEST(WatchHub, APublisherNeverWaitsForTheFanOut) {
  SnapshotStore snapshots;
  WatchHub hub(snapshots);
  auto stuck = std::make_shared<StuckWatcher>();
  hub.Add(stuck);
  snapshots.Publish(SnapshotOf(State::kHealthy));
  stuck->stuck.wait();
  const auto before = Clock::now();
  for (int i = 0; i < 100; ++i) snapshots.Publish(SnapshotOf(i % 2 == 0 ? State::kFailing : State::kHealthy));
  EXPECT_LT(Clock::now() - before, 500ms);
  EXPECT_EQ(snapshots.Read()->sequence, 101u);
  stuck->go_on.count_down();
  // What happened meanwhile comes as one change, the newest.
  EXPECT_TRUE(Eventually([&] { return stuck->newest == 101; }));
}

}  // namespace
}  // namespace candor
