// SPDX-License-Identifier: Apache-2.0
#include "serve/intervention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/serve/snapshots.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// SnapshotOf judges at second 1 of a clock that is the wall clock and the boot clock.
constexpr BootTime kJudged{1s};

Forced ForcedTo(State state, BootTime until = kJudged + 10s) {
  return {state, "load test", "root (uid 0, pid 7)", kJudged - 1s, until};
}
Drained DrainedNow() { return {"kernel update", "root (uid 0, pid 7)", kJudged}; }

TEST(Intervention, AnOverrideForcesItsStateOverVerdictBlindnessAndSelfReport) {
  for (const State judged : {State::kHealthy, State::kFailing, State::kUnknown}) {
    for (const SelfAnswer self : {SelfAnswer::kOk, SelfAnswer::kDown, SelfAnswer::kPending}) {
      for (const bool blind : {false, true}) {
        for (const State forced : {State::kHealthy, State::kDegraded, State::kProbation, State::kFailing}) {
          Board board;
          board.Intervene([&](Interventions& all) { all.forced = ForcedTo(forced); });
          board.Publish(blind ? BlindSnapshot(judged, self) : SnapshotOf(judged, self));
          EXPECT_EQ(board.Read()->shown().state, forced);
          EXPECT_EQ(board.Read()->serving, forced != State::kFailing);
          EXPECT_EQ(board.Read()->unforced().state, blind ? State::kBlind : judged);
        }
      }
    }
  }
}

TEST(Intervention, ADrainStandsAboveEverything) {
  Board board;
  board.Publish(BlindSnapshot(State::kHealthy));
  board.Intervene([](Interventions& all) {
    all.drain = DrainedNow();
    all.forced = ForcedTo(State::kHealthy);
  });
  EXPECT_EQ(board.Read()->shown().state, State::kDraining);
  EXPECT_EQ(board.Read()->shown().reason, "drained_by_operator");
  EXPECT_FALSE(board.Read()->serving);
  board.Intervene([](Interventions& all) { all.drain.reset(); });
  EXPECT_EQ(board.Read()->shown().state, State::kHealthy) << "the override was still there";
  EXPECT_TRUE(board.Read()->serving);
}

TEST(Intervention, IsLoudInTheDetailWithWhoWhyUntilWhenAndWhatItHides) {
  Snapshot s = SnapshotOf(State::kFailing, SelfAnswer::kOk, "node_owed");
  s.interventions.forced = ForcedTo(State::kHealthy);
  const Verdict shown = s.shown();
  EXPECT_EQ(shown.reason, "overridden_by_operator");
  EXPECT_EQ(shown.detail,
            "OVERRIDDEN: forced to HEALTHY by root (uid 0, pid 7) until 1970-01-01 00:00:11Z: load test. "
            "Without this it would be FAILING (node_owed).");
  EXPECT_EQ(shown.since, Time(0s));
  s.interventions.drain = DrainedNow();
  EXPECT_THAT(s.shown().detail, HasSubstr("Drained by root (uid 0, pid 7) since 1970-01-01 00:00:01Z"));
}

TEST(Intervention, AnOverrideEndsByItselfAtItsTimeAndWatchersAreTold) {
  Board board;
  board.Intervene([](Interventions& all) { all.forced = ForcedTo(State::kHealthy, kJudged + 5s); });
  Snapshot s = SnapshotOf(State::kFailing);
  board.Publish(s);
  EXPECT_TRUE(board.Read()->serving);
  const uint64_t before = board.Read()->sequence;
  s.verdict.at += 4999ms;
  board.Publish(s);
  EXPECT_TRUE(board.Read()->serving);
  EXPECT_EQ(board.Read()->sequence, before);
  s.verdict.at += 1ms;
  board.Publish(s);
  EXPECT_FALSE(board.Read()->serving);
  EXPECT_EQ(board.Read()->shown().state, State::kFailing);
  EXPECT_EQ(board.Read()->sequence, before + 1);
}

// The wall clock is set an hour ahead, or back, in the middle of an override of ten seconds.
TEST(Intervention, AStepOfTheWallClockNeitherEndsAnOverrideNorProlongsIt) {
  for (const Duration step : {Duration(1h), Duration(-1h)}) {
    Board board;
    board.Publish(SnapshotOf(State::kFailing));
    board.Intervene([](Interventions& all) { all.forced = ForcedTo(State::kHealthy, kJudged + 10s); });
    for (int tenth = 0; tenth < 100; ++tenth) {
      Snapshot s = SnapshotOf(State::kFailing);
      s.verdict.at += tenth * 100ms;
      s.to_wall = tenth < 50 ? Duration::zero() : step;
      board.Publish(s);
      ASSERT_TRUE(board.Read()->interventions.forced) << tenth;
      EXPECT_EQ(board.Read()->shown().state, State::kHealthy);
    }
    EXPECT_THAT(board.Read()->shown().detail,
                HasSubstr(step > 0s ? "until 1970-01-01 01:00:11Z" : "until 1969-12-31 23:00:11Z"))
        << "told by the wall clock as it is now";
    Snapshot s = SnapshotOf(State::kFailing);
    s.verdict.at += 10s;
    s.to_wall = step;
    board.Publish(s);
    EXPECT_FALSE(board.Read()->interventions.forced);
    EXPECT_EQ(board.Read()->shown().state, State::kFailing);
  }
}

TEST(Intervention, TheTimeThatTheMachineSleepsCounts) {
  Board board;
  board.Intervene([](Interventions& all) { all.forced = ForcedTo(State::kHealthy, kJudged + 1h); });
  Snapshot s = SnapshotOf(State::kFailing);
  s.verdict.at += 1s;
  s.to_boot = s.to_wall = 2h;  // slept: the source's clock stood still
  board.Publish(s);
  EXPECT_FALSE(board.Read()->interventions.forced);
}

TEST(Intervention, ADrainHoldsUntilItIsTakenBack) {
  Interventions all;
  all.drain = DrainedNow();
  EXPECT_TRUE(InForce(all, kJudged + 24h * 365).drain);
}

TEST(Intervention, OnlyWhatAnOperatorCanKnowCanBeForced) {
  for (const State s : {State::kUnknown, State::kDraining, State::kBlind}) EXPECT_FALSE(MayForce(s));
}

TEST(Intervention, IntervenesBeforeItReturnsAndCountsAsAChange) {
  Board board;
  board.Publish(SnapshotOf(State::kHealthy));
  uint64_t told = 0;
  board.Subscribe([&](const SnapshotPtr& s) { told = s->sequence; });
  board.Intervene([](Interventions& all) { all.drain = DrainedNow(); });
  EXPECT_EQ(told, 2u);
  EXPECT_FALSE(board.Read()->serving);
  board.Intervene([](Interventions&) {});
  EXPECT_EQ(board.Read()->sequence, 2u) << "nothing changed";
}

TEST(Intervention, ABlindPolicyTakesEffectAtOnce) {
  Board board;
  board.Publish(BlindSnapshot(State::kHealthy));
  EXPECT_TRUE(board.Read()->serving);
  board.SetBlindPolicy(BlindPolicy::kNotServing);
  EXPECT_FALSE(board.Read()->serving);
  EXPECT_EQ(board.Read()->blind_since, BlindSnapshot(State::kHealthy).verdict.at);
}

}  // namespace
}  // namespace candor
