// SPDX-License-Identifier: Apache-2.0
#include "pipeline/node_verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace candor {
namespace {

using ::testing::HasSubstr;

Time At(double seconds) { return Time(FromSeconds(seconds)); }

Verdict Of(State state, std::string reason = "r") {
  Verdict v;
  v.state = state;
  v.reason = std::move(reason);
  v.detail = "d";
  v.severity = 0.8;
  v.since = At(5);
  v.at = At(9);
  v.ignored_retry = 2;
  return v;
}

Verdict Combine(const Verdict& a, const Verdict& b, bool b_drives = true, const Verdict* sockets = nullptr,
                const Verdict& last = {}) {
  const std::vector<ServerOpinion> all = {{"a", &a, 0.9, true}, {"b", &b, 0.1, b_drives}};
  return CombineVerdicts(all, sockets, last);
}

TEST(NodeVerdict, IsTheWorstOfTheServersThatDriveIt) {
  const Verdict v = Combine(Of(State::kHealthy, "ok"), Of(State::kFailing, "frozen"));
  EXPECT_EQ(v.state, State::kFailing);
  EXPECT_EQ(v.reason, "frozen");
  EXPECT_EQ(v.detail, "server b: d");
  EXPECT_EQ(v.ignored_retry, 4u);
  EXPECT_EQ(Combine(Of(State::kProbation), Of(State::kFailing)).state, State::kFailing);
  EXPECT_EQ(Combine(Of(State::kProbation), Of(State::kDegraded)).state, State::kProbation);
  EXPECT_EQ(Combine(Of(State::kDegraded), Of(State::kHealthy)).state, State::kDegraded);
}

TEST(NodeVerdict, AFailingServerThatDoesNotDriveItMakesItDegradedAndIsNamed) {
  const Verdict v = Combine(Of(State::kHealthy, "ok"), Of(State::kFailing, "frozen"), false);
  EXPECT_EQ(v.state, State::kDegraded);
  EXPECT_EQ(v.reason, "server_failing");
  EXPECT_THAT(v.detail,
              HasSubstr("server b, which has 10 % of this node's attempts, is FAILING (frozen): d"));
  EXPECT_DOUBLE_EQ(v.severity, 0.08);
  EXPECT_EQ(Combine(Of(State::kHealthy), Of(State::kDegraded), false).state, State::kHealthy);
}

TEST(NodeVerdict, OneHealthyServerMakesAQuietOneNoMatterButCeasedAttemptsDo) {
  EXPECT_EQ(Combine(Of(State::kHealthy), Of(State::kUnknown, "stale")).state, State::kHealthy);
  EXPECT_EQ(Combine(Of(State::kHealthy), Of(State::kUnknown, "attempts_ceased")).state, State::kUnknown);
  EXPECT_EQ(Combine(Of(State::kUnknown), Of(State::kUnknown)).state, State::kUnknown);
}

TEST(NodeVerdict, LossesOfSocketsBelongToTheNode) {
  const Verdict sockets = Of(State::kDegraded, "receive_drops");
  EXPECT_EQ(Combine(Of(State::kHealthy), Of(State::kHealthy), true, &sockets).reason, "receive_drops");
  EXPECT_EQ(Combine(Of(State::kFailing, "frozen"), Of(State::kHealthy), true, &sockets).reason, "frozen");
}

TEST(NodeVerdict, TheStateBeganWhenTheNodesDid) {
  Verdict last = Of(State::kFailing);
  last.since = At(1);
  EXPECT_EQ(Combine(Of(State::kFailing), Of(State::kHealthy), true, nullptr, last).since, At(1));
  EXPECT_EQ(Combine(Of(State::kHealthy), Of(State::kHealthy), true, nullptr, last).since, At(5));
}

TEST(NodeVerdict, WhereNoServerDrivesItTheLargestOneCountsUpToDegraded) {
  const Verdict failing = Of(State::kFailing), healthy = Of(State::kHealthy);
  const std::vector<ServerOpinion> all = {{"a", &failing, 0.06, false}, {"b", &healthy, 0.05, false}};
  EXPECT_EQ(CombineVerdicts(all, nullptr, {}).state, State::kDegraded);
}

}  // namespace
}  // namespace candor
