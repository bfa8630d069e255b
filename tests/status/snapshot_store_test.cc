// SPDX-License-Identifier: Apache-2.0
#include "status/snapshot_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <thread>
#include <vector>

#include "tests/status/snapshots.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

TEST(SnapshotStore, StartsBlindAndNotServing) {
  const SnapshotStore snapshots;
  const SnapshotPtr first = snapshots.Read();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->shown().state, State::kBlind);
  EXPECT_EQ(first->shown().reason, "starting");
  EXPECT_FALSE(first->serving);
  EXPECT_FALSE(first->self.serving());
  EXPECT_FALSE(IsObserving(first->source));
  EXPECT_EQ(first->sequence, 0u);
}

TEST(SnapshotStore, FillsInTheEffectiveAnswerByItsPolicy) {
  SnapshotStore follow(BlindPolicy::kFollowSelf);
  SnapshotStore strict(BlindPolicy::kNotServing);
  for (SnapshotStore* snapshots : {&follow, &strict}) {
    Snapshot wrong = SnapshotOf(State::kFailing);
    wrong.serving = true;  // not the publisher's to fill in
    snapshots->Publish(wrong);
    EXPECT_FALSE(snapshots->Read()->serving);
    snapshots->Publish(SnapshotOf(State::kHealthy));
    EXPECT_TRUE(snapshots->Read()->serving);
    snapshots->Publish(BlindSnapshot(State::kHealthy));
    EXPECT_EQ(snapshots->Read()->shown().state, State::kBlind);
  }
  EXPECT_TRUE(follow.Read()->serving);
  EXPECT_FALSE(strict.Read()->serving);
}

TEST(SnapshotStore, ABlindNodeThatWasFailingFollowsItsSelfReport) {
  SnapshotStore snapshots;
  snapshots.Publish(BlindSnapshot(State::kFailing, SelfAnswer::kOk));
  EXPECT_TRUE(snapshots.Read()->serving);
  snapshots.Publish(BlindSnapshot(State::kFailing, SelfAnswer::kDown));
  EXPECT_FALSE(snapshots.Read()->serving);
  snapshots.Publish(BlindSnapshot(State::kDraining, SelfAnswer::kOk));
  EXPECT_FALSE(snapshots.Read()->serving);
}

TEST(SnapshotStore, CountsEveryChangeForWatchers) {
  SnapshotStore snapshots;
  uint64_t expected = 0;
  const auto publish = [&](Snapshot s) {
    snapshots.Publish(std::move(s));
    EXPECT_EQ(snapshots.Read()->sequence, ++expected);
  };
  publish(SnapshotOf(State::kUnknown, SelfAnswer::kPending));
  publish(SnapshotOf(State::kUnknown, SelfAnswer::kOk));
  publish(SnapshotOf(State::kHealthy, SelfAnswer::kOk));
  publish(SnapshotOf(State::kHealthy, SelfAnswer::kOk, "another_reason"));
  publish(SnapshotOf(State::kHealthy, SelfAnswer::kDown, "another_reason"));
  publish(BlindSnapshot(State::kHealthy, SelfAnswer::kDown));
  Snapshot other_blindness = BlindSnapshot(State::kHealthy, SelfAnswer::kDown);
  other_blindness.source.blindness.code = "ring_overflow";
  publish(other_blindness);
  publish(SnapshotOf(State::kDraining, SelfAnswer::kOk));
  // WithBlindness as DRAINING before and after, but the sensor's watchers are received.
  publish(BlindSnapshot(State::kDraining, SelfAnswer::kOk));
}

TEST(SnapshotStore, DoesNotCountChangesOfFigures) {
  SnapshotStore snapshots;
  Snapshot s = SnapshotOf(State::kHealthy);
  snapshots.Publish(s);
  const uint64_t sequence = snapshots.Read()->sequence;
  s.sequence = 99;  // not the publisher's to fill in
  s.verdict.counted = 12;
  s.verdict.detail = "12 attempts";
  s.self.detail = "HTTP 204";
  s.counts.offered = 5;
  s.attempts.resize(3);
  snapshots.Publish(s);
  EXPECT_EQ(snapshots.Read()->sequence, sequence);
  EXPECT_EQ(snapshots.Read()->verdict.counted, 12u);
  EXPECT_EQ(snapshots.Read()->attempts.size(), 3u);
}

TEST(SnapshotStore, KeepsTheBeginningOfTheBlindness) {
  SnapshotStore snapshots;
  Snapshot s = BlindSnapshot(State::kHealthy);
  s.verdict.at = TimeFromNanos(100);
  snapshots.Publish(s);
  s.verdict.at = TimeFromNanos(200);
  snapshots.Publish(s);
  EXPECT_EQ(snapshots.Read()->shown().since, TimeFromNanos(100));
  snapshots.Publish(SnapshotOf(State::kHealthy));
  s.verdict.at = TimeFromNanos(300);
  snapshots.Publish(s);
  EXPECT_EQ(snapshots.Read()->shown().since, TimeFromNanos(300));
}

TEST(SnapshotStore, CallsSubscribersForChangesOnlyAndInOrder) {
  SnapshotStore snapshots;
  std::vector<uint64_t> received;
  snapshots.Subscribe([&](const SnapshotPtr& s) { received.push_back(s->sequence); });
  for (int i = 0; i < 3; ++i) {
    snapshots.Publish(SnapshotOf(State::kHealthy));
    snapshots.Publish(SnapshotOf(State::kHealthy));
    snapshots.Publish(SnapshotOf(State::kFailing));
  }
  EXPECT_EQ(received, (std::vector<uint64_t>{1, 2, 3, 4, 5, 6}));
}

TEST(SnapshotStore, ReadDoesNotWaitForACallback) {
  SnapshotStore snapshots;
  std::latch in_callback(1);
  std::latch go_on(1);
  snapshots.Subscribe([&](const SnapshotPtr&) {
    in_callback.count_down();
    go_on.wait();
  });
  std::thread publisher([&] { snapshots.Publish(SnapshotOf(State::kHealthy)); });
  in_callback.wait();
  auto reading = std::async(std::launch::async, [&] { return snapshots.Read(); });
  const bool read = reading.wait_for(5s) == std::future_status::ready;
  go_on.count_down();
  publisher.join();
  ASSERT_TRUE(read);
  EXPECT_EQ(reading.get()->verdict.state, State::kHealthy);
}

TEST(SnapshotStore, UnsubscribeWaitsForTheCallbackInProgressAndEndsFurtherOnes) {
  SnapshotStore snapshots;
  std::latch in_callback(1);
  std::latch go_on(1);
  std::atomic<int> calls{0};
  const uint64_t id = snapshots.Subscribe([&](const SnapshotPtr&) {
    in_callback.count_down();
    go_on.wait();
    ++calls;
  });
  std::thread publisher([&] { snapshots.Publish(SnapshotOf(State::kHealthy)); });
  in_callback.wait();
  auto unsubscribing = std::async(std::launch::async, [&] {
    snapshots.Unsubscribe(id);
    return calls.load();
  });
  EXPECT_EQ(unsubscribing.wait_for(30ms), std::future_status::timeout);
  go_on.count_down();
  EXPECT_EQ(unsubscribing.get(), 1);
  publisher.join();
  snapshots.Publish(SnapshotOf(State::kFailing));
  EXPECT_EQ(calls, 1);
}

TEST(SnapshotStore, ManyReadersSeeSequencesThatNeverGoBack) {
  SnapshotStore snapshots;
  constexpr int kChanges = 500;
  std::atomic<bool> went_back{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      for (uint64_t last = 0; last < kChanges;) {
        const uint64_t next = snapshots.Read()->sequence;
        if (next < last) went_back = true;
        last = next;
      }
    });
  }
  for (int i = 0; i < kChanges; ++i) {
    snapshots.Publish(SnapshotOf(i % 2 == 0 ? State::kHealthy : State::kFailing));
  }
  for (auto& r : readers) r.join();
  EXPECT_FALSE(went_back);
  EXPECT_EQ(snapshots.Read()->sequence, static_cast<uint64_t>(kChanges));
}

TEST(SnapshotStore, ThePageOfMetricsStaysAsItWasLastSetAndIsNoChangeForWatchers) {
  SnapshotStore snapshots;
  const uint64_t sequence = snapshots.Read()->sequence;
  snapshots.SetMetricsPage({true, "the page of metrics answers HTTP 404"});
  EXPECT_EQ(snapshots.Read()->sequence, sequence);
  snapshots.Publish(SnapshotOf(State::kFailing));  // the publisher knows nothing of it
  EXPECT_TRUE(snapshots.Read()->metrics_page.configured);
  EXPECT_EQ(snapshots.Read()->metrics_page.unavailable, "the page of metrics answers HTTP 404");
}

TEST(SnapshotStore, TheSteeringStaysAsItWasLastSetAndIsNoChangeForWatchers) {
  SnapshotStore snapshots;
  snapshots.Publish(SnapshotOf(State::kFailing));
  const uint64_t sequence = snapshots.Read()->sequence;
  steer::SteerStatus steering;
  steering.state = steer::SteerState::kSteering;
  steering.text = "node ND_x gets no new rooms";
  snapshots.SetSteering(steering);
  EXPECT_EQ(snapshots.Read()->steering.text, steering.text);
  EXPECT_EQ(snapshots.Read()->verdict.state, State::kFailing);
  EXPECT_EQ(snapshots.Read()->sequence, sequence);
  snapshots.Publish(SnapshotOf(State::kFailing));  // the publisher knows nothing of it
  EXPECT_EQ(snapshots.Read()->steering.state, steer::SteerState::kSteering);
}

}  // namespace
}  // namespace candor
