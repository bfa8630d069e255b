// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_json.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

namespace candor::cli {
namespace {

using google::protobuf::Struct;

// Read by another JSON parser, that of protobuf.
Struct Parsed(const std::string& line) {
  Struct s;
  const auto status = google::protobuf::util::JsonStringToMessage(line, &s);
  EXPECT_TRUE(status.ok()) << line << "\n" << status.ToString();
  return s;
}

std::string Text(const Struct& s, const std::string& field) { return s.fields().at(field).string_value(); }
double Number(const Struct& s, const std::string& field) { return s.fields().at(field).number_value(); }

const Time kAt = TimeFromNanos(1795357368180912345);

TEST(ReplayJson, TimesKeepTheirMicroseconds) {
  EXPECT_EQ(JsonTime(kAt), "1795357368.180912");
  EXPECT_EQ(JsonTime(TimeFromNanos(5000)), "0.000005");
}

TEST(ReplayJson, AVerdictLineSaysStateReasonAndDetail) {
  ReplayChange c;
  c.verdict.state = State::kFailing;
  c.verdict.reason = "waiting_on_node";
  c.verdict.detail = "4 of 5 \"waiting_on\"";
  c.verdict.at = kAt;
  const Struct s = Parsed(VerdictLine(c));
  EXPECT_EQ(Text(s, "type"), "verdict");
  EXPECT_EQ(Text(s, "state"), "FAILING");
  EXPECT_EQ(Text(s, "reason"), "waiting_on_node");
  EXPECT_EQ(Text(s, "detail"), "4 of 5 \"waiting_on\"");
  EXPECT_NEAR(Number(s, "t"), 1795357368.180912, 1e-6);
}

TEST(ReplayJson, AnAttemptLineHasNullUntilItIsActive) {
  AttemptView a;
  a.key = "2Vqq";
  a.first = kAt;
  a.phase = Phase::kNominated;
  a.waiting_on = WaitingOn::kNode;
  a.outcome = Outcome::kStalled;
  EXPECT_THAT(AttemptLine(a), ::testing::HasSubstr("\"active_ms\":null"));
  a.active = kAt + std::chrono::microseconds(37912);
  const Struct s = Parsed(AttemptLine(a));
  EXPECT_EQ(Text(s, "key"), "2Vqq");
  EXPECT_EQ(Text(s, "phase"), "nominated");
  EXPECT_EQ(Text(s, "waiting_on"), "node");
  EXPECT_EQ(Text(s, "outcome"), "stalled");
  EXPECT_DOUBLE_EQ(Number(s, "active_ms"), 37.912);
}

TEST(ReplayJson, TheSummaryNamesTheFirstFailingAndEveryCount) {
  ReplayReport r;
  r.intake.captured = 9;
  r.counts.attempts = 5;
  r.counts.active = 2;
  r.counts.stalled = {0, 1, 2, 3};
  EXPECT_THAT(SummaryLine(r), ::testing::HasSubstr("\"first_failing\":null"));
  for (const State state : {State::kUnknown, State::kFailing, State::kProbation, State::kFailing}) {
    r.changes.push_back({});
    r.changes.back().verdict.state = state;
    r.changes.back().verdict.at = kAt + std::chrono::seconds(r.changes.size());
  }
  r.span.damage = Error{"x: at byte 7: \"cut\"", 0};
  const Struct s = Parsed(SummaryLine(r));
  EXPECT_NEAR(Number(s, "first_failing"), 1795357370.180912, 1e-6) << "the first of two";
  EXPECT_EQ(Text(s, "final_state"), "FAILING");
  EXPECT_EQ(Number(s, "packets"), 9);
  EXPECT_EQ(Number(s, "attempts"), 5);
  EXPECT_EQ(Number(s.fields().at("stalled").struct_value(), "path"), 3);
  EXPECT_EQ(Text(s, "damage"), "x: at byte 7: \"cut\"");
}

}  // namespace
}  // namespace candor::cli
