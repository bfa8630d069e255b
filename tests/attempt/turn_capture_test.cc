// SPDX-License-Identifier: Apache-2.0
// One recorded run of ten calls through coturn, seen from each of its sides: always ten attempts, all active.
#include <gtest/gtest.h>

#include <set>

#include "attempt/attempt_tracker.h"
#include "replay/file_source.h"

namespace candor {
namespace {

struct Side {
  const char* name;
  const char* capture;
  const char* node;
};
std::ostream& operator<<(std::ostream& out, const Side& s) { return out << s.name; }

class TurnCapture : public testing::TestWithParam<Side> {};

TEST_P(TurnCapture, TenCallsAreTenActiveAttempts) {
  FileSourceOptions options{std::string(CANDOR_TEST_DATA "/captures/") + GetParam().capture,
                            {IpAddress::Parse(GetParam().node).value()},
                            {}};
  auto source = FileSource::Open(options);
  ASSERT_TRUE(source);
  std::vector<AttemptEvent> events;
  AttemptTracker tracker({}, [&](const AttemptEvent& e) { events.push_back(e); });
  while (true) {
    const auto n =
        (*source)->Poll(std::chrono::milliseconds(50), [&](const FlowEvent& e) { tracker.OnFlow(e); });
    ASSERT_TRUE(n);
    tracker.Tick((*source)->now(), **source);
    const auto next = (*source)->NextTime();
    if (!next || !*next) break;
  }
  EXPECT_EQ(tracker.counts().attempts, 10u);
  EXPECT_EQ(tracker.counts().active, 10u);
  std::set<std::string> keys;
  tracker.ForEachAttempt([&](const AttemptView& v) { keys.insert(v.key); });
  EXPECT_EQ(keys.size(), 10u);
  EXPECT_EQ((*source)->Health().counters[CANDOR_C_UNPARSED], 0u);
}

INSTANTIATE_TEST_SUITE_P(
    All, TurnCapture,
    testing::Values(Side{"TurnServer", "20_turn_relay.turn_side.pcap", "10.99.0.4"},
                    Side{"ClientOfTheTurnServer", "20_turn_relay.turn_side.pcap", "10.99.0.2"},
                    Side{"MediaServerBehindIt", "20_turn_relay.janus_side.pcap", "10.99.0.1"}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace candor
