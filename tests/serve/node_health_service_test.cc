// SPDX-License-Identifier: Apache-2.0
#include "serve/node_health_service.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include "tests/serve/harness.h"

namespace candor {
namespace {

using google::protobuf::util::TimeUtil;
using testing::HasSubstr;

class NodeHealthTest : public Served {
 protected:
  v1::Verdict GetVerdict() {
    Call call;
    v1::Verdict verdict;
    const auto status = node_->GetVerdict(&call.context, {}, &verdict);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return verdict;
  }
  grpc::Status List(const v1::ListAttemptsRequest& request, v1::ListAttemptsResponse* response) {
    Call call;
    return node_->ListAttempts(&call.context, request, response);
  }
  grpc::Status WatchOnce(int64_t heartbeat_ms, v1::Verdict* verdict) {
    Call call;
    v1::WatchVerdictRequest request;
    *request.mutable_heartbeat() = TimeUtil::MillisecondsToDuration(heartbeat_ms);
    auto reader = node_->WatchVerdict(&call.context, request);
    if (reader->Read(verdict)) call.context.TryCancel();
    return reader->Finish();
  }
};

// Attempts 1..count, the odd ones stalled by the node, the even ones active.
Snapshot WithAttempts(size_t count) {
  Snapshot s = SnapshotOf(State::kHealthy);
  for (size_t i = 1; i <= count; ++i) {
    AttemptView a;
    a.id = i;
    a.outcome = i % 2 == 1 ? Outcome::kStalled : Outcome::kActive;
    a.waiting_on = i % 2 == 1 ? WaitingOn::kNode : WaitingOn::kNone;
    s.attempts.push_back(a);
  }
  return s;
}

TEST_F(NodeHealthTest, GetVerdictShowsTheSnapshot) {
  snapshots_.Publish(SnapshotOf(State::kFailing, SelfAnswer::kOk, "waiting_on_node"));
  const v1::Verdict verdict = GetVerdict();
  EXPECT_EQ(verdict.state(), v1::FAILING);
  EXPECT_EQ(verdict.reason(), "waiting_on_node");
  EXPECT_EQ(verdict.sequence(), 1u);
  EXPECT_FALSE(verdict.serving());
  EXPECT_EQ(verdict.self().answer(), v1::SelfReport::OK);
}

TEST_F(NodeHealthTest, WatchVerdictSendsTheVerdictAndEveryChange) {
  Call call;
  auto reader = node_->WatchVerdict(&call.context, {});
  v1::Verdict verdict;
  ASSERT_TRUE(reader->Read(&verdict));
  EXPECT_EQ(verdict.reason(), "starting");
  for (const State state : {State::kHealthy, State::kDegraded, State::kFailing}) {
    snapshots_.Publish(SnapshotOf(state));
    const uint64_t before = verdict.sequence();
    ASSERT_TRUE(reader->Read(&verdict));
    EXPECT_EQ(verdict.sequence(), before + 1);
  }
  EXPECT_EQ(verdict.state(), v1::FAILING);
}

TEST_F(NodeHealthTest, WatchVerdictWithAHeartbeatSendsNewFiguresWithoutAChange) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  Call call;
  v1::WatchVerdictRequest request;
  *request.mutable_heartbeat() = TimeUtil::MillisecondsToDuration(100);
  auto reader = node_->WatchVerdict(&call.context, request);
  v1::Verdict verdict;
  ASSERT_TRUE(reader->Read(&verdict));
  Snapshot moved = SnapshotOf(State::kHealthy);
  moved.verdict.counted = 42;
  snapshots_.Publish(moved);
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(reader->Read(&verdict));
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_EQ(verdict.counted(), 42u);
  EXPECT_EQ(verdict.sequence(), 1u);
  EXPECT_GE(took, std::chrono::milliseconds(200));
  EXPECT_LT(took, std::chrono::seconds(2));
}

TEST_F(NodeHealthTest, ASlowReaderGetsTheNewestAndSeesWhatItMissed) {
  // Long reasons fill the connection's windows, so that writes stall while the reader does not read.
  const std::string ballast(100'000, 'x');
  Call call;
  auto reader = node_->WatchVerdict(&call.context, {});
  constexpr uint64_t kChanges = 2000;
  for (uint64_t i = 0; i < kChanges; ++i) {
    snapshots_.Publish(SnapshotOf(i % 2 == 0 ? State::kHealthy : State::kFailing, SelfAnswer::kOk, ballast));
  }
  uint64_t received = 0;
  v1::Verdict verdict;
  while (verdict.sequence() < kChanges && reader->Read(&verdict)) ++received;
  EXPECT_EQ(verdict.sequence(), kChanges);
  EXPECT_LT(received, kChanges / 2);
}

TEST_F(NodeHealthTest, WatchVerdictRefusesHeartbeatsOutsideItsRange) {
  v1::Verdict verdict;
  for (const int64_t ms : {int64_t{99}, int64_t{0}, int64_t{-1000}, int64_t{86'401'000}}) {
    const grpc::Status status = WatchOnce(ms, &verdict);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << ms;
    EXPECT_THAT(status.error_message(), HasSubstr("expected 0.1 s to 24 h"));
  }
  EXPECT_EQ(WatchOnce(100, &verdict).error_code(), grpc::StatusCode::CANCELLED);  // by ourselves, having read
  EXPECT_EQ(verdict.reason(), "starting");
}

TEST_F(NodeHealthTest, ListAttemptsHasPages) {
  snapshots_.Publish(WithAttempts(150));
  v1::ListAttemptsResponse by_default, two, all;
  ASSERT_TRUE(List({}, &by_default).ok());
  EXPECT_EQ(by_default.attempts_size(), 100);
  EXPECT_TRUE(by_default.more());
  v1::ListAttemptsRequest request;
  request.set_page_size(2);
  ASSERT_TRUE(List(request, &two).ok());
  ASSERT_EQ(two.attempts_size(), 2);
  EXPECT_EQ(two.attempts(0).id(), 150u);
  EXPECT_EQ(two.attempts(1).id(), 149u);
  request.set_page_size(150);
  ASSERT_TRUE(List(request, &all).ok());
  EXPECT_EQ(all.attempts_size(), 150);
  EXPECT_FALSE(all.more());
}

TEST_F(NodeHealthTest, ListAttemptsFiltersByOutcomeAndOwedSide) {
  snapshots_.Publish(WithAttempts(10));
  v1::ListAttemptsRequest request;
  request.add_outcome(v1::STALLED);
  request.set_page_size(5);
  v1::ListAttemptsResponse stalled, none, node;
  ASSERT_TRUE(List(request, &stalled).ok());
  ASSERT_EQ(stalled.attempts_size(), 5);
  EXPECT_FALSE(stalled.more());  // the filter excludes the rest
  for (const auto& a : stalled.attempts()) EXPECT_EQ(a.outcome(), v1::STALLED);
  request.add_waiting_on(v1::WAITING_ON_PEER);
  ASSERT_TRUE(List(request, &none).ok());
  EXPECT_EQ(none.attempts_size(), 0);
  request.add_waiting_on(v1::WAITING_ON_NODE);
  request.add_outcome(v1::BECAME_ACTIVE);
  ASSERT_TRUE(List(request, &node).ok());
  EXPECT_EQ(node.attempts_size(), 5);
}

TEST_F(NodeHealthTest, RefusesInvalidListRequests) {
  v1::ListAttemptsResponse response;
  v1::ListAttemptsRequest large;
  large.set_page_size(1001);
  EXPECT_EQ(List(large, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(List(large, &response).error_message(), HasSubstr("page_size is 1001; expected 1 to 1000"));
  v1::ListAttemptsRequest unspecified;
  unspecified.add_outcome(v1::OUTCOME_UNSPECIFIED);
  EXPECT_THAT(List(unspecified, &response).error_message(), HasSubstr("outcome holds 0"));
  v1::ListAttemptsRequest odd;
  odd.add_waiting_on(static_cast<v1::WaitingOn>(17));
  EXPECT_THAT(List(odd, &response).error_message(), HasSubstr("waiting_on holds 17; expected"));
  Call call;
  v1::ListFlowsRequest flows;
  flows.set_page_size(5000);
  v1::ListFlowsResponse ignored;
  EXPECT_EQ(node_->ListFlows(&call.context, flows, &ignored).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(NodeHealthTest, ListFlowsGivesTheMostRecentlyHeardFirst) {
  Snapshot s = SnapshotOf(State::kHealthy);
  for (const uint64_t heard : {30u, 10u, 20u}) {
    FlowView f;
    f.attempt_id = heard;
    f.state.last_in_ns = heard;
    s.flows.push_back(f);
  }
  snapshots_.Publish(s);
  Call call;
  v1::ListFlowsRequest request;
  request.set_page_size(2);
  v1::ListFlowsResponse response;
  ASSERT_TRUE(node_->ListFlows(&call.context, request, &response).ok());
  ASSERT_EQ(response.flows_size(), 2);
  EXPECT_EQ(response.flows(0).attempt_id(), 30u);
  EXPECT_EQ(response.flows(1).attempt_id(), 20u);
  EXPECT_TRUE(response.more());
}

// The clock of the source goes on; the wall clock is set an hour ahead between two answers.
TEST_F(NodeHealthTest, EveryAnswerCarriesTheClockThatItsAgesAreReckonedBy) {
  constexpr Time kBegan(std::chrono::seconds(40));
  Time now(std::chrono::seconds(100));
  clocks_.source = [&] { return now; };
  BootTime boot(std::chrono::seconds(500));
  clocks_.boot = [&] { return boot; };
  DaemonInfo about;
  about.started = BootTime(std::chrono::seconds(200));
  StartServer(ServeOptions{.grpc_listen = {"127.0.0.1:0"}}, about);
  for (const auto wall : {std::chrono::seconds(1'700'000'000), std::chrono::seconds(1'700'003'600)}) {
    Snapshot s = SnapshotOf(State::kHealthy);
    s.verdict.since = kBegan;
    s.verdict.at = now - std::chrono::seconds(3);
    s.to_wall = wall;
    AttemptView a;
    a.first = kBegan;
    s.attempts = {a};
    snapshots_.Publish(s);
    const v1::Verdict v = GetVerdict();
    EXPECT_EQ(v.now().seconds() - v.since().seconds(), 60);
    EXPECT_EQ(v.now().seconds() - v.judged_at().seconds(), 3);
    Call list, other;
    v1::ListAttemptsResponse attempts;
    ASSERT_TRUE(node_->ListAttempts(&list.context, {}, &attempts).ok());
    EXPECT_EQ(attempts.now().seconds() - attempts.attempts(0).first().seconds(), 60);
    v1::Info info;
    ASSERT_TRUE(node_->GetInfo(&other.context, {}, &info).ok());
    EXPECT_EQ(info.uptime().seconds(), 300);
  }
}

TEST_F(NodeHealthTest, GetInfoHasVersionSourceAndAddresses) {
  DaemonInfo about;
  about.version = "1.2.3";
  about.started_at = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
  about.config_file = "/etc/candor.yaml";
  about.self_report_target = "http://127.0.0.1:7880/";
  StartServer(ServeOptions{.grpc_listen = {"127.0.0.1:0"}}, about);
  Snapshot s = BlindSnapshot(State::kUnknown);
  s.source.target = "/sys/fs/cgroup";
  s.source.warnings = {"no drop reasons on this kernel"};
  s.source.notes = {"took over the probes"};
  s.source.counters[CANDOR_C_STUN] = 7;
  s.source.flows_max = 65536;
  snapshots_.Publish(s);
  server_->SetWebListening({"127.0.0.1:7461"}, {"127.0.0.1:7462", "unix:/run/agent"});
  Call call;
  v1::Info info;
  ASSERT_TRUE(node_->GetInfo(&call.context, {}, &info).ok());
  EXPECT_EQ(info.version(), "1.2.3");
  EXPECT_EQ(info.listening(0), server_->listening().front());
  EXPECT_EQ(info.http_listening(0), "127.0.0.1:7461");
  EXPECT_EQ(info.haproxy_agent_listening(1), "unix:/run/agent");
  EXPECT_EQ(info.started_at().seconds(), 1'700'000'000);
  EXPECT_EQ(info.config_file(), "/etc/candor.yaml");
  EXPECT_EQ(info.self_report_target(), "http://127.0.0.1:7880/");
  EXPECT_EQ(info.source(), "bpf");
  EXPECT_EQ(info.source_target(), "/sys/fs/cgroup");
  EXPECT_EQ(info.blindness_code(), "load_timeout");
  ASSERT_EQ(info.notes_size(), 1);
  EXPECT_EQ(info.notes(0), "took over the probes");
  ASSERT_EQ(info.warnings_size(), 1);
  EXPECT_EQ(info.warnings(0), "no drop reasons on this kernel");
  EXPECT_EQ(info.flows_max(), 65536u);
  ASSERT_EQ(info.counters_size(), CANDOR_C_MAX);
  EXPECT_EQ(info.counters(CANDOR_C_STUN).name(), "stun");
  EXPECT_EQ(info.counters(CANDOR_C_STUN).value(), 7u);
  ASSERT_EQ(info.listening_size(), 1);
  EXPECT_EQ(info.listening(0), server_->listening().front());
}

}  // namespace
}  // namespace candor
