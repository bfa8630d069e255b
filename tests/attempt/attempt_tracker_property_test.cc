// SPDX-License-Identifier: Apache-2.0
//
// The invariants of the fuzz targets on seeded random packets, with late ticks and lost events.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "flow/flow_table.h"
#include "tests/fuzz/attempt_laws.h"
#include "tests/packets/random_packets.h"

namespace candor {
namespace {

AttemptOptions SmallBounds() {
  AttemptOptions options;
  options.max_attempts = 6;
  options.history = 5;
  return options;
}

class AttemptProperties : public ::testing::TestWithParam<uint64_t>, public FlowSource {
 protected:
  AttemptProperties()
      : laws_(SmallBounds()), tracker_(SmallBounds(), [this](const AttemptEvent& e) {
          EXPECT_EQ(laws_.BrokenBy(e), "");
          outcomes_.insert(e.outcome);
        }) {}

  void Step(const RandomPacket& p, bool lost) {
    FlowEvent event;
    const bool reported = table_.Packet(now_, p.dir, p.ip, p.ip.size(), p.segments, &event);
    if (reported && !lost) tracker_.OnFlow(event);
    ASSERT_EQ(laws_.BrokenIn(tracker_), "");
  }
  void TickAfter(Duration gap) {
    now_ += gap;
    tracker_.Tick(now_, *this);
    ASSERT_EQ(laws_.BrokenIn(tracker_), "");
  }
  void Reconcile() {
    ForEach([&](const FlowKey& key, const FlowState& state) { tracker_.OnFlow({now_, key, state}); });
  }

  Result<size_t> Poll(Duration, const std::function<void(const FlowEvent&)>&) override { return 0; }
  bool Lookup(const FlowKey& key, FlowState* state) override { return table_.Lookup(key, state); }
  void Forget(const FlowKey& key) override { table_.Forget(key); }
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    table_.ForEach(visit);
  }
  NodeActivity Activity() override { return table_.activity(); }
  SourceHealth Health() const override { return {}; }

  FlowTable table_{FlowTableOptions{.max_flows = 64}};
  std::set<Outcome> outcomes_;
  fuzz::AttemptLaws laws_;
  AttemptTracker tracker_;
  Time now_ = TimeFromNanos(1'000'000'000'000);
};

TEST_P(AttemptProperties, HoldForAnyPacketsTimesAndLosses) {
  RandomPackets packets(GetParam());
  for (int i = 0; i < 8000 && !HasFailure(); ++i) {
    SCOPED_TRACE("packet " + std::to_string(i));
    Step(packets.Next(), i % 11 == 0);
    TickAfter(std::chrono::milliseconds(i % 500 == 499 ? 61000 : i % 50 == 49 ? 4000 : 20));
    if (i % 300 == 299) Reconcile();
  }
  const AttemptCounts n = tracker_.counts();
  EXPECT_GT(n.active, 20u);
  EXPECT_GT(n.evicted, 20u);
  EXPECT_GE(outcomes_.size(), 4u);  // the random packets must cover them
}

TEST_P(AttemptProperties, NothingIsRememberedOnceAllIsSilent) {
  RandomPackets packets(GetParam());
  for (int i = 0; i < 500 && !HasFailure(); ++i) {
    Step(packets.Next(), false);
    TickAfter(std::chrono::milliseconds(5));
  }
  EXPECT_GT(tracker_.Flows(1000).size(), 0u);
  const Duration longest = std::max(SmallBounds().idle, SmallBounds().allocation);
  for (Duration silent{}; silent <= longest; silent += std::chrono::seconds(2))
    TickAfter(std::chrono::seconds(2));
  TickAfter(std::chrono::seconds(10));  // ended attempts are looked up every five seconds
  EXPECT_EQ(tracker_.Flows(1000).size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AttemptProperties, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace candor
