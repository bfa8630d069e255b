// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "serve/to_proto.h"
#include "tests/status/snapshots.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

TEST(ToProto, WhatTheServerCountsOfItsJoinsIsShownWithWhatIsUsual) {
  Snapshot s = SnapshotOf(State::kDegraded);
  s.metrics_page.configured = true;
  ReportedJoinEvidence& r = s.verdict.reported;
  r.counters = {.unavailable = "",
                .at = Time(5s),
                .run = "ND_a",
                .signalled = 9,
                .begun = 8,
                .resumed = 1,
                .up = 5,
                .cancelled = 2};
  r.usual_share = 0.5, r.usual_attempts = 2;
  r.begun = 4, r.up = 1, r.attempts = 3, r.expected = 2, r.window = 12s;
  r.score = 21, r.threshold = 20, r.socket_score = 7;
  EXPECT_EQ(
      VerdictToProto(s).reported_joins().ShortDebugString(),
      "signalled: 9 begun: 8 resumed: 1 up: 5 cancelled: 2 usual_share: 0.5 usual_attempts: 2 window_begun: "
      "4 "
      "window_up: 1 window_attempts: 3 window_expected: 2 window { seconds: 12 } score: 21 socket_score: 7 "
      "threshold: 20");
  r.unknown = "the page of metrics answers HTTP 404";
  EXPECT_EQ(VerdictToProto(s).reported_joins().unavailable(), r.unknown);
}

TEST(ToProto, TheServersOwnCountersAreAbsentWhereNoPageIsConfigured) {
  Snapshot s = SnapshotOf(State::kHealthy);
  EXPECT_FALSE(VerdictToProto(s).has_reported_joins());
  s.metrics_page.configured = true;
  EXPECT_TRUE(VerdictToProto(s).has_reported_joins()) << "though nothing was read yet";
}

TEST(ToProto, APageOfMetricsThatCannotBeReadIsAWarning) {
  Snapshot s = SnapshotOf(State::kHealthy);
  s.metrics_page.configured = true;
  v1::Info well, dead;
  FillInfo(s, &well);
  EXPECT_EQ(well.warnings_size(), 0);
  s.metrics_page.unavailable = "the page of metrics answers HTTP 404";
  FillInfo(s, &dead);
  ASSERT_EQ(dead.warnings_size(), 1);
  EXPECT_EQ(dead.warnings(0), "self_report.prometheus: the page of metrics answers HTTP 404");
}

}  // namespace
}  // namespace candor
