// SPDX-License-Identifier: Apache-2.0
#include "status/overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/status/snapshots.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// SnapshotOf judges at second 1 of a clock that is the wall clock and the boot clock.
constexpr BootTime kJudged{1s};

StateOverride OverrideTo(State state, BootTime until = kJudged + 10s) {
  return {state, "load test", "root (uid 0, pid 7)", kJudged - 1s, until};
}
DrainOverride DrainNow() { return {"kernel update", "root (uid 0, pid 7)", kJudged}; }

TEST(Overrides, AStateOverrideWinsOverVerdictBlindnessAndSelfReport) {
  for (const State judged : {State::kHealthy, State::kFailing, State::kUnknown}) {
    for (const SelfAnswer self : {SelfAnswer::kOk, SelfAnswer::kDown, SelfAnswer::kPending}) {
      for (const bool blind : {false, true}) {
        for (const State state : {State::kHealthy, State::kDegraded, State::kProbation, State::kFailing}) {
          SnapshotStore snapshots;
          snapshots.ApplyOverrides([&](Overrides& all) { all.state_override = OverrideTo(state); });
          snapshots.Publish(blind ? BlindSnapshot(judged, self) : SnapshotOf(judged, self));
          EXPECT_EQ(snapshots.Read()->shown().state, state);
          EXPECT_EQ(snapshots.Read()->serving, state != State::kFailing);
          EXPECT_EQ(snapshots.Read()->without_overrides().state, blind ? State::kBlind : judged);
        }
      }
    }
  }
}

TEST(Overrides, ADrainWinsOverEverything) {
  SnapshotStore snapshots;
  snapshots.Publish(BlindSnapshot(State::kHealthy));
  snapshots.ApplyOverrides([](Overrides& all) {
    all.drain = DrainNow();
    all.state_override = OverrideTo(State::kHealthy);
  });
  EXPECT_EQ(snapshots.Read()->shown().state, State::kDraining);
  EXPECT_EQ(snapshots.Read()->shown().reason, "drained_by_operator");
  EXPECT_FALSE(snapshots.Read()->serving);
  snapshots.ApplyOverrides([](Overrides& all) { all.drain.reset(); });
  EXPECT_EQ(snapshots.Read()->shown().state, State::kHealthy) << "the override was still there";
  EXPECT_TRUE(snapshots.Read()->serving);
}

TEST(Overrides, TheDetailHasCallerReasonEndAndTheHiddenState) {
  Snapshot s = SnapshotOf(State::kFailing, SelfAnswer::kOk, "waiting_on_node");
  s.overrides.state_override = OverrideTo(State::kHealthy);
  const Verdict shown = s.shown();
  EXPECT_EQ(shown.reason, "overridden_by_operator");
  EXPECT_EQ(shown.detail,
            "OVERRIDDEN: forced to HEALTHY by root (uid 0, pid 7) until 1970-01-01 00:00:11Z: load test. "
            "Without this it would be FAILING (waiting_on_node).");
  EXPECT_EQ(shown.since, Time(0s));
  s.overrides.drain = DrainNow();
  EXPECT_THAT(s.shown().detail, HasSubstr("Drained by root (uid 0, pid 7) since 1970-01-01 00:00:01Z"));
}

TEST(Overrides, AStateOverrideEndsAtItsTimeLimitWithAChange) {
  SnapshotStore snapshots;
  snapshots.ApplyOverrides(
      [](Overrides& all) { all.state_override = OverrideTo(State::kHealthy, kJudged + 5s); });
  Snapshot s = SnapshotOf(State::kFailing);
  snapshots.Publish(s);
  EXPECT_TRUE(snapshots.Read()->serving);
  const uint64_t before = snapshots.Read()->sequence;
  s.verdict.at += 4999ms;
  snapshots.Publish(s);
  EXPECT_TRUE(snapshots.Read()->serving);
  EXPECT_EQ(snapshots.Read()->sequence, before);
  s.verdict.at += 1ms;
  snapshots.Publish(s);
  EXPECT_FALSE(snapshots.Read()->serving);
  EXPECT_EQ(snapshots.Read()->shown().state, State::kFailing);
  EXPECT_EQ(snapshots.Read()->sequence, before + 1);
}

// The wall clock is set an hour ahead, or back, in the middle of an override of ten seconds.
TEST(Overrides, AStepOfTheWallClockNeitherEndsNorProlongsAStateOverride) {
  for (const Duration step : {Duration(1h), Duration(-1h)}) {
    SnapshotStore snapshots;
    snapshots.Publish(SnapshotOf(State::kFailing));
    snapshots.ApplyOverrides(
        [](Overrides& all) { all.state_override = OverrideTo(State::kHealthy, kJudged + 10s); });
    for (int tenth = 0; tenth < 100; ++tenth) {
      Snapshot s = SnapshotOf(State::kFailing);
      s.verdict.at += tenth * 100ms;
      s.to_wall = tenth < 50 ? Duration::zero() : step;
      snapshots.Publish(s);
      ASSERT_TRUE(snapshots.Read()->overrides.state_override) << tenth;
      EXPECT_EQ(snapshots.Read()->shown().state, State::kHealthy);
    }
    EXPECT_THAT(snapshots.Read()->shown().detail,
                HasSubstr(step > 0s ? "until 1970-01-01 01:00:11Z" : "until 1969-12-31 23:00:11Z"))
        << "by the current wall clock";
    Snapshot s = SnapshotOf(State::kFailing);
    s.verdict.at += 10s;
    s.to_wall = step;
    snapshots.Publish(s);
    EXPECT_FALSE(snapshots.Read()->overrides.state_override);
    EXPECT_EQ(snapshots.Read()->shown().state, State::kFailing);
  }
}

TEST(Overrides, TimeInSuspendCounts) {
  SnapshotStore snapshots;
  snapshots.ApplyOverrides(
      [](Overrides& all) { all.state_override = OverrideTo(State::kHealthy, kJudged + 1h); });
  Snapshot s = SnapshotOf(State::kFailing);
  s.verdict.at += 1s;
  s.to_boot = s.to_wall = 2h;  // slept: the source's clock stood still
  snapshots.Publish(s);
  EXPECT_FALSE(snapshots.Read()->overrides.state_override);
}

TEST(Overrides, ADrainHoldsUntilItIsTakenBack) {
  Overrides all;
  all.drain = DrainNow();
  EXPECT_TRUE(InForce(all, kJudged + 24h * 365).drain);
}

TEST(Overrides, UnknownDrainingAndBlindAreNoOverrideStates) {
  for (const State s : {State::kUnknown, State::kDraining, State::kBlind}) EXPECT_FALSE(IsOverrideState(s));
}

TEST(Overrides, ApplyOverridesIsInForceOnReturnAndIsAChange) {
  SnapshotStore snapshots;
  snapshots.Publish(SnapshotOf(State::kHealthy));
  uint64_t received = 0;
  snapshots.Subscribe([&](const SnapshotPtr& s) { received = s->sequence; });
  snapshots.ApplyOverrides([](Overrides& all) { all.drain = DrainNow(); });
  EXPECT_EQ(received, 2u);
  EXPECT_FALSE(snapshots.Read()->serving);
  snapshots.ApplyOverrides([](Overrides&) {});
  EXPECT_EQ(snapshots.Read()->sequence, 2u) << "nothing changed";
}

TEST(Overrides, ABlindPolicyTakesEffectAtOnce) {
  SnapshotStore snapshots;
  snapshots.Publish(BlindSnapshot(State::kHealthy));
  EXPECT_TRUE(snapshots.Read()->serving);
  snapshots.SetBlindPolicy(BlindPolicy::kNotServing);
  EXPECT_FALSE(snapshots.Read()->serving);
  EXPECT_EQ(snapshots.Read()->blind_since, BlindSnapshot(State::kHealthy).verdict.at);
}

}  // namespace
}  // namespace candor
