// SPDX-License-Identifier: Apache-2.0
#include "daemon/pipeline_thread.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/source/fake_source.h"

namespace candor::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A PipelineThread whose clock stands still until the test moves it.
class PipelineThreadTest : public ::testing::Test {
 protected:
  PipelineThreadTest() {
    control_.health.kind = "bpf";
    control_.health.target = "/sys/fs/cgroup";
  }

  void TurnAt(Duration since_start) {
    now_ = Time(seconds(1000) + since_start);
    thread_.Turn();
  }
  SnapshotPtr Shown() const { return snapshots_.Read(); }

  Time now_{seconds(1000)};
  FakeControl control_;
  SnapshotStore snapshots_;
  int ticks_ = 0;
  Duration suspended_{};
  PipelineThread thread_{{},
                         std::make_unique<FakeSource>(control_),
                         snapshots_,
                         {[this] { return now_; }, [this] { return now_.time_since_epoch() + seconds(5); },
                          [this] { return now_.time_since_epoch() + suspended_; }},
                         [this] { ++ticks_; }};
};

TEST_F(PipelineThreadTest, TheFirstTurnPublishesWhatIsKnown) {
  TurnAt(Duration(0));
  EXPECT_EQ(Shown()->source.kind, "bpf");
  EXPECT_EQ(Shown()->verdict.state, State::kUnknown);
  EXPECT_EQ(Shown()->to_wall, seconds(5));
  EXPECT_EQ(ticks_, 1);
}

TEST_F(PipelineThreadTest, WhatTheServerCountsIsJudgedAtTheNextTick) {
  TurnAt(Duration(0));
  thread_.SetReportedJoins({.unavailable = "", .at = now_, .run = "ND_a", .begun = 7});
  TurnAt(milliseconds(250));
  EXPECT_EQ(Shown()->verdict.reported.counters.begun, 7U);
}

TEST_F(PipelineThreadTest, ItJudgesFourTimesASecond) {
  for (Duration t{}; t < seconds(2); t += milliseconds(10)) TurnAt(t);
  EXPECT_EQ(ticks_, 8);
}

TEST_F(PipelineThreadTest, ItWaitsForFlowsNoLongerThanUntilTheNextThingIsDue) {
  TurnAt(Duration(0));
  TurnAt(milliseconds(100));
  EXPECT_EQ(control_.last_timeout, milliseconds(25)) << "a self-report may come at any time";
  TurnAt(milliseconds(240));
  EXPECT_EQ(control_.last_timeout, milliseconds(10)) << "the next judgement is due";
  TurnAt(milliseconds(400));
  EXPECT_EQ(control_.last_timeout, Duration(0)) << "it is late already";
}

TEST_F(PipelineThreadTest, ASourceThatCanBeWokenIsReadTwiceAJudgementAndWokenForASelfReport) {
  control_.can_wake = true;
  TurnAt(Duration(0));
  TurnAt(milliseconds(100));
  EXPECT_EQ(control_.last_timeout, milliseconds(125));
  TurnAt(milliseconds(240));
  EXPECT_EQ(control_.last_timeout, milliseconds(10)) << "the next judgement is due";
  EXPECT_EQ(control_.wakings, 0);
  thread_.SetSelfReport({});
  EXPECT_EQ(control_.wakings, 1);
}

TEST_F(PipelineThreadTest, ASelfReportIsPublishedWithoutWaitingForTheNextJudgement) {
  TurnAt(Duration(0));
  SelfReport report;
  report.answer = SelfAnswer::kDown;
  report.detail = "HTTP 503";
  thread_.SetSelfReport(report);
  TurnAt(milliseconds(1));
  EXPECT_EQ(ticks_, 1) << "no judgement was due";
  EXPECT_EQ(Shown()->self.detail, "HTTP 503");
  EXPECT_FALSE(Shown()->serving);
}

TEST_F(PipelineThreadTest, ASuspendOfTheMachineStartsThePipelineAgain) {
  TurnAt(Duration(0));
  FlowKey open{};
  open.local_port = 20000;
  control_.held = {open};
  suspended_ = seconds(3600);
  TurnAt(milliseconds(250));
  EXPECT_EQ(control_.forgotten, std::vector<uint16_t>{20000}) << "open flows are dropped";
  EXPECT_EQ(Shown()->verdict.state, State::kUnknown);
  ASSERT_EQ(Shown()->source.notes.size(), 1u);
  EXPECT_NE(Shown()->source.notes[0].find("suspended for 3600 s"), std::string::npos);
  TurnAt(milliseconds(500));
  EXPECT_EQ(control_.forgotten.size(), 1u) << "once per suspend";
}

TEST_F(PipelineThreadTest, AClockThatIsReadALittleLateIsNoSuspend) {
  TurnAt(Duration(0));
  suspended_ = milliseconds(900);
  TurnAt(milliseconds(250));
  EXPECT_EQ(control_.sweeps, 0);
}

TEST_F(PipelineThreadTest, LostEventsAreReplacedByReadingAllFlows) {
  control_.health.blindness = {"ring_overflow", "events were lost"};
  TurnAt(Duration(0));
  EXPECT_EQ(control_.sweeps, 1);
  EXPECT_EQ(Shown()->shown().state, State::kUnknown) << "read before it was published";
  TurnAt(milliseconds(250));
  EXPECT_EQ(control_.sweeps, 1) << "only when something was lost";
}

TEST_F(PipelineThreadTest, AfterASourceHasEndedTheStateIsBlindAndItIsNotPolled) {
  TurnAt(Duration(0));
  control_.fail = true;
  TurnAt(milliseconds(250));
  EXPECT_EQ(Shown()->shown().state, State::kBlind);
  EXPECT_EQ(Shown()->source.blindness.code, "source_failed");
  EXPECT_NE(Shown()->source.blindness.text.find("the interface went away"), std::string::npos);
  const int polls = control_.polls;
  TurnAt(milliseconds(500));
  EXPECT_EQ(control_.polls, polls);
}

FlowEvent Offered(Time at, uint16_t port) {
  FlowEvent e;
  e.at = at;
  e.key.local_port = 7882;
  e.key.remote_port = port;
  e.key.remote_addr[15] = 1;
  e.flow.first_ns = e.flow.last_in_ns = NanosOf(at);
  e.flow.phase = CANDOR_PHASE_OFFERED;
  e.flow.flags = CANDOR_F_CREDENTIALED;
  e.flow.ufrag_hash = port;
  e.flow.generation = 1;
  return e;
}

TEST_F(PipelineThreadTest, FlowsBecomeAttemptsOfTheSnapshot) {
  TurnAt(Duration(0));
  control_.queue.push_back(Offered(now_ + milliseconds(100), 1));
  control_.queue.push_back(Offered(now_ + milliseconds(90), 2));  // another CPU's ring comes later
  control_.queue.push_back(Offered(now_ - milliseconds(1), 3));   // it was under way while judged
  TurnAt(milliseconds(250));
  EXPECT_EQ(Shown()->counts.offered, 3U);
  TurnAt(milliseconds(1000));
  EXPECT_EQ(Shown()->attempts.size(), 3U) << "the lists are renewed once a second";
}

// With the machine's clock and a thread: the requirement is 50 ms; a loaded machine may take longer.
TEST(PipelineThread, ASelfReportIsPublishedSoonAndAStopIsPrompt) {
  FakeControl control;
  SnapshotStore snapshots;
  PipelineThread thread({}, std::make_unique<FakeSource>(control), snapshots, Clocks{}, {});
  thread.Start();
  SelfReport report;
  report.answer = SelfAnswer::kOk;
  const Time reported = MonotonicNow();
  thread.SetSelfReport(report);
  while (snapshots.Read()->self.answer != SelfAnswer::kOk && MonotonicNow() - reported < seconds(5)) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_LT(Seconds(MonotonicNow() - reported), 0.5);
  const Time stopping = MonotonicNow();
  thread.Stop();
  thread.Stop();
  EXPECT_LT(Seconds(MonotonicNow() - stopping), 0.5);
}

TEST_F(PipelineThreadTest, ATaskRunsAtOnceWhileNothingDrivesIt) {
  std::string text;
  EXPECT_TRUE(thread_.Execute([&](Pipeline& p) { text = p.SaveBaselines().front().text; }, seconds(0)));
  EXPECT_TRUE(text.starts_with("candor-baseline 2\n")) << text;
}

TEST_F(PipelineThreadTest, ATaskRunsOnTheDrivingThreadBetweenTurns) {
  thread_.Start();
  const auto driving = std::make_shared<std::thread::id>();
  EXPECT_TRUE(thread_.Execute([driving](Pipeline&) { *driving = std::this_thread::get_id(); }, seconds(20)));
  EXPECT_NE(*driving, std::this_thread::get_id());
  thread_.Stop();
}

// Clients can delay the stop of a server for seconds; the probes are out of the kernel before that.
TEST_F(PipelineThreadTest, AfterStopTheSourceIsDestroyedAndASelfReportIsIgnored) {
  thread_.Start();
  thread_.Stop();
  EXPECT_TRUE(control_.ended);
  const int wakings = control_.wakings;
  thread_.SetSelfReport({});
  EXPECT_EQ(control_.wakings, wakings);
}

}  // namespace
}  // namespace candor::daemon
