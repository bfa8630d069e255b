// SPDX-License-Identifier: Apache-2.0
#include "status/history.h"

#include <gtest/gtest.h>

#include "tests/status/snapshots.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    snapshots_.Subscribe([this](const SnapshotPtr& s) { history_.OnChange(*s); });
  }
  WallTime now_{100s};
  SnapshotStore snapshots_;
  History history_{5, [this] { return now_; }};
};

TEST_F(HistoryTest, HoldsEveryChangeWithTheStateBefore) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  snapshots_.Publish(SnapshotOf(State::kHealthy));  // no change
  snapshots_.Publish(SnapshotOf(State::kFailing, SelfAnswer::kOk, "waiting_on_node"));
  const auto newest = history_.Newest(10, 0);
  ASSERT_EQ(newest.size(), 2u);
  EXPECT_EQ(newest[0].id, 2u);
  EXPECT_EQ(newest[0].before, State::kHealthy);
  EXPECT_EQ(newest[0].state, State::kFailing);
  EXPECT_EQ(newest[0].reason, "waiting_on_node");
  EXPECT_FALSE(newest[0].serving);
  EXPECT_EQ(newest[0].sequence, 2u);
  EXPECT_EQ(newest[0].at, WallTime(1s));
}

TEST_F(HistoryTest, DropsTheOldestAndPagesById) {
  for (int i = 0; i < 8; ++i) snapshots_.Publish(SnapshotOf(i % 2 == 0 ? State::kHealthy : State::kFailing));
  EXPECT_EQ(history_.All().size(), 5u);
  const auto page = history_.Newest(2, 7);
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].id, 6u);
  EXPECT_EQ(page[1].id, 5u);
}

TEST_F(HistoryTest, ListsTheChangesSinceASequenceAndCountsTheLost) {
  for (int i = 0; i < 8; ++i) snapshots_.Publish(SnapshotOf(i % 2 == 0 ? State::kHealthy : State::kFailing));
  MissedChanges missed = history_.Since(6);
  ASSERT_EQ(missed.changes.size(), 2u);
  EXPECT_EQ(missed.changes[0].sequence, 7u);
  EXPECT_EQ(missed.lost, 0u);
  missed = history_.Since(1);
  EXPECT_EQ(missed.changes.size(), 5u);
  EXPECT_EQ(missed.lost, 2u) << "2 and 3";
  EXPECT_TRUE(history_.Since(8).changes.empty());
  EXPECT_FALSE(history_.Since(8).restarted);
  EXPECT_TRUE(history_.Since(9).restarted);
}

TEST_F(HistoryTest, OperatorsActionsAreNoChanges) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  history_.RecordAction("drain", "root (uid 0, pid 7)", "kernel update", *snapshots_.Read());
  snapshots_.ApplyOverrides([](Overrides& all) {
    all.drain = DrainOverride{"kernel update", "root", BootTime(100s)};
  });
  const auto all = history_.All();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].kind, Transition::Kind::kOperator);
  EXPECT_EQ(all[1].action, "drain");
  EXPECT_EQ(all[1].state, State::kHealthy);
  EXPECT_EQ(all[1].at, now_);
  EXPECT_EQ(all[2].state, State::kDraining);
  EXPECT_EQ(all[2].before, State::kHealthy);
  EXPECT_EQ(all[2].at, now_) << "the time of the override, not of the judgement";
  EXPECT_EQ(history_.Since(1).changes.size(), 1u);
}

TEST_F(HistoryTest, RecordsTheEndOfAnOverrideByItsTimeLimit) {
  snapshots_.ApplyOverrides([](Overrides& all) {
    all.state_override = StateOverride{State::kHealthy, "test", "root", BootTime(0s), BootTime(1s)};
  });
  snapshots_.Publish(SnapshotOf(State::kFailing));  // judged at second 1
  const auto newest = history_.Newest(2, 0);
  EXPECT_EQ(newest[1].action, "override_ended");
  EXPECT_EQ(newest[1].by, "its time limit");
  EXPECT_EQ(newest[1].state, State::kHealthy);
  EXPECT_EQ(newest[0].state, State::kFailing);
}

TEST_F(HistoryTest, ContinuesTheHistoryOfAnEarlierProcess) {
  snapshots_.Publish(SnapshotOf(State::kFailing));
  SnapshotStore next(BlindPolicy::kFollowSelf, snapshots_.Read()->sequence);
  History later(5, [] { return WallTime{}; });
  later.Restore(history_.All());
  next.Subscribe([&](const SnapshotPtr& s) { later.OnChange(*s); });
  next.Publish(SnapshotOf(State::kHealthy));
  const auto newest = later.Newest(5, 0);
  ASSERT_EQ(newest.size(), 2u);
  EXPECT_EQ(newest[0].id, 2u);
  EXPECT_EQ(newest[0].sequence, 2u);
  EXPECT_EQ(newest[0].before, State::kFailing);
  EXPECT_FALSE(later.Since(1).restarted);
}

}  // namespace
}  // namespace candor
