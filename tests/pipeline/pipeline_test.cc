// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/packets/packets.h"

namespace candor {
namespace {

using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::SizeIs;

Time At(double seconds) { return Time(FromSeconds(seconds)); }

// A source with the flows of the test; notes which of its functions are called.
class Flows final : public FlowSource {
 public:
  Result<size_t> Poll(Duration, const std::function<void(const FlowEvent&)>&) override { return size_t{0}; }
  bool Lookup(const FlowKey&, FlowState*) override {
    calls.emplace_back("lookup");
    return false;
  }
  void Forget(const FlowKey&) override {}
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    for (const FlowEvent& e : flows) visit(e.key, e.flow);
  }
  NodeActivity Activity() override {
    calls.emplace_back("activity");
    return {};
  }
  SocketCounts Sockets() override {
    calls.emplace_back("sockets");
    return sockets;
  }
  SourceHealth Health() const override { return {}; }

  std::vector<FlowEvent> flows;
  std::vector<std::string> calls;
  SocketCounts sockets;
};

// An acknowledged attempt of the n-th client, which began at `first`.
FlowEvent Flow(uint16_t n, double first) {
  FlowEvent e;
  e.at = At(first);
  e.key = KeyOf("192.0.2.1", 7882, "198.51.100.7", static_cast<uint16_t>(40000 + n));
  e.flow.ufrag_hash = n;
  e.flow.first_ns = e.flow.last_in_ns = NanosOf(At(first));
  e.flow.flags = CANDOR_F_BEGAN | CANDOR_F_ACKNOWLEDGED;
  e.flow.phase = CANDOR_PHASE_ANSWERED;
  return e;
}

class PipelineTest : public ::testing::Test {
 protected:
  Flows source_;
  Pipeline pipeline_{{}};
};

TEST_F(PipelineTest, ATickUpdatesTheAttemptsBeforeItJudges) {
  pipeline_.OnFlow(Flow(1, 10));
  pipeline_.Tick(At(10.25), source_);
  EXPECT_THAT(source_.calls, ElementsAre("lookup", "activity", "sockets"));
  EXPECT_EQ(pipeline_.verdict().at, At(10.25));
}

TEST_F(PipelineTest, ReconcilingTakesEveryFlowOfTheSourceInOrderOfTheirBeginnings) {
  source_.flows = {Flow(2, 12), Flow(1, 11), Flow(3, 13)};
  pipeline_.Reconcile(At(30), source_);
  const auto newest_first = pipeline_.tracker().Attempts(10);
  ASSERT_THAT(newest_first, SizeIs(3));
  EXPECT_EQ(newest_first[0].first, At(13));
  EXPECT_EQ(newest_first[2].first, At(11));
}

TEST_F(PipelineTest, AVerdictThatAnEventCausesIsReportedBeforeTheNextTick) {
  EXPECT_THAT(pipeline_.OnFlow(Flow(1, 10)), SizeIs(1));
}

TEST_F(PipelineTest, TheFirstVerdictIsReportedAndThenOnlyChangesOfStateOrReason) {
  std::vector<std::string> reasons;
  double score = 0;
  for (int tick = 0; tick < 400; ++tick) {
    const Time now = At(10 + tick * 0.25);
    source_.sockets.at = now;
    source_.sockets.received += 250;
    if (tick > 100) source_.sockets.dropped_full += 25;
    for (const Verdict& v : pipeline_.Tick(now, source_)) reasons.push_back(std::string(v.reason));
    if (pipeline_.verdict().reason == "receive_drops") score = std::max(score, pipeline_.verdict().score);
  }
  EXPECT_THAT(reasons, ElementsAre("no_evidence", "receive_drops"));
  EXPECT_THAT(score, Gt(0)) << "its figures have changed with every second";
}

}  // namespace
}  // namespace candor
