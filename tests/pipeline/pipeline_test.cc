// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_stages.h"

namespace candor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TwoFlows final : public FlowSource {
 public:
  Result<size_t> Poll(Duration, const std::function<void(const FlowEvent&)>&) override { return size_t{0}; }
  bool Lookup(const FlowKey&, FlowState*) override { return false; }
  void Forget(const FlowKey&) override {}
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    FlowState state{};
    for (const uint64_t first : {2u, 1u}) {  // a map has no order
      state.first_ns = first;
      visit(FlowKey{}, state);
    }
  }
  NodeActivity Activity() override { return {TimeFromNanos(77), Time{}}; }
  SocketCounts Sockets() override {
    return {.at = TimeFromNanos(400), .dropped_full = 3, .dropped_memory = 2};
  }
  SourceHealth Health() const override { return {}; }
};

class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() { Fakes() = FakeStages{}; }

  void Say(State state, const char* reason) {
    Fakes().verdict.state = state;
    Fakes().verdict.reason = reason;
  }

  std::vector<std::string> told_;
  TwoFlows source_;
  Pipeline pipeline_{{}, [this](const Verdict& v) { told_.push_back(std::string(v.reason)); }};
};

TEST_F(PipelineTest, ATickSettlesAttemptsBeforeItJudges) {
  pipeline_.Tick(TimeFromNanos(500), source_);
  EXPECT_THAT(Fakes().calls, ElementsAre("tracker tick", "node in 77", "sockets lost 5", "judge tick 500"));
}

TEST_F(PipelineTest, AFlowReachesTheJudgeAsAnAttempt) {
  FlowEvent e;
  e.at = TimeFromNanos(9);
  e.flow.first_ns = 4;
  pipeline_.OnFlow(e);
  EXPECT_THAT(Fakes().calls, ElementsAre("observe 4 at 9"));
}

TEST_F(PipelineTest, ReconcilingTakesEveryFlowOfTheSourceAsOfNowInOrderOfTheirBeginnings) {
  pipeline_.Reconcile(TimeFromNanos(30), source_);
  EXPECT_THAT(Fakes().calls, ElementsAre("observe 1 at 30", "observe 2 at 30"));
}

TEST_F(PipelineTest, TheFirstVerdictIsToldAndThenOnlyChanges) {
  Say(State::kUnknown, "no_evidence");
  for (uint64_t t = 1; t < 4; ++t) pipeline_.Tick(TimeFromNanos(t), source_);
  EXPECT_THAT(told_, ElementsAre("no_evidence"));
  Say(State::kHealthy, "ok");
  pipeline_.Tick(TimeFromNanos(5), source_);
  Say(State::kFailing, "waiting_on_node");
  pipeline_.Tick(TimeFromNanos(6), source_);
  Say(State::kFailing, "frozen");  // another reason is a change too
  pipeline_.Tick(TimeFromNanos(7), source_);
  EXPECT_THAT(told_, ElementsAre("no_evidence", "ok", "waiting_on_node", "frozen"));
}

TEST_F(PipelineTest, AFigureThatMovesIsNoChange) {
  Say(State::kHealthy, "ok");
  pipeline_.Tick(TimeFromNanos(1), source_);
  told_.clear();
  Fakes().verdict.score = 2;
  Fakes().verdict.detail = "other figures";
  pipeline_.Tick(TimeFromNanos(2), source_);
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(PipelineTest, AVerdictThatAnEventBringsIsToldBeforeTheNextTick) {
  Say(State::kHealthy, "ok");
  pipeline_.Tick(TimeFromNanos(1), source_);
  Say(State::kFailing, "waiting_on_node");
  pipeline_.OnFlow(FlowEvent{});
  EXPECT_THAT(told_, ElementsAre("ok", "waiting_on_node"));
}

}  // namespace
}  // namespace candor
