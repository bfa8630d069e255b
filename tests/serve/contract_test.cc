// SPDX-License-Identifier: Apache-2.0
//
// The contract's table, its gRPC columns row by row, through a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "status/health_names.h"
#include "tests/serve/harness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Row {
  const char* name;
  Snapshot snapshot;
  bool serving;  // "", media, candor.v1.NodeHealth
  bool self;
  bool sensor;
};

std::vector<Row> Contract() {
  const auto ok = SelfAnswer::kOk;
  const auto down = SelfAnswer::kDown;
  return {
      {"HEALTHY", SnapshotOf(State::kHealthy, ok), true, true, true},
      {"HEALTHY, node down", SnapshotOf(State::kHealthy, down), false, false, true},
      {"DEGRADED", SnapshotOf(State::kDegraded, ok), true, true, true},
      {"PROBATION", SnapshotOf(State::kProbation, ok), true, true, true},
      {"FAILING", SnapshotOf(State::kFailing, ok), false, true, true},
      {"DRAINING", SnapshotOf(State::kDraining, ok), false, true, true},
      {"UNKNOWN", SnapshotOf(State::kUnknown, ok), true, true, true},
      {"UNKNOWN, node down", SnapshotOf(State::kUnknown, down), false, false, true},
      {"BLIND", BlindSnapshot(State::kHealthy, ok), true, true, false},
      {"BLIND, node down", BlindSnapshot(State::kHealthy, down), false, false, false},
  };
}

class ContractTest : public Served {
 protected:
  grpc::Status Probe(const std::string& service, v1::ProbeResponse* response) {
    Call call;
    v1::ProbeRequest request;
    request.set_service(service);
    return node_->Probe(&call.context, request, response);
  }
  static HealthResponse::ServingStatus Word(bool serving) {
    return serving ? HealthResponse::SERVING : HealthResponse::NOT_SERVING;
  }
};

TEST_F(ContractTest, CheckListAndProbeAnswerByTheTable) {
  for (const Row& row : Contract()) {
    snapshots_.Publish(row.snapshot);
    Call call;
    grpc::health::v1::HealthListResponse all;
    ASSERT_TRUE(health_->List(&call.context, {}, &all).ok());
    ASSERT_EQ(all.statuses_size(), static_cast<int>(kHealthServiceNames.size()));
    for (const std::string_view view : kHealthServiceNames) {
      const std::string name(view);
      const bool expected = name == "self" ? row.self : name == "sensor" ? row.sensor : row.serving;
      EXPECT_EQ(StatusOf(name), Word(expected)) << row.name << " " << name;
      EXPECT_EQ(all.statuses().at(name).status(), Word(expected)) << row.name << " " << name;
      v1::ProbeResponse response;
      EXPECT_EQ(Probe(name, &response).error_code(),
                expected ? grpc::StatusCode::OK : grpc::StatusCode::UNAVAILABLE)
          << row.name << " " << name;
    }
  }
}

TEST_F(ContractTest, WatchSendsEveryChangeOfTheTable) {
  Call call;
  HealthReader reader = Watch(call, "media");
  bool last = false;
  EXPECT_EQ(Next(reader), Word(last));  // candord is starting
  for (const Row& row : Contract()) {
    snapshots_.Publish(row.snapshot);
    if (row.serving == last) continue;
    last = row.serving;
    EXPECT_EQ(Next(reader), Word(last)) << row.name;
  }
}

TEST_F(ContractTest, AFailedProbeCarriesTheReason) {
  Snapshot s = SnapshotOf(State::kFailing, SelfAnswer::kOk, "waiting_on_node");
  s.verdict.detail = std::string(5000, 'x');
  snapshots_.Publish(s);
  v1::ProbeResponse response;
  const grpc::Status status = Probe("", &response);
  EXPECT_THAT(status.error_message(), HasSubstr("FAILING, waiting_on_node: xxx"));
  EXPECT_LT(status.error_message().size(), 600u) << "it travels in a header";
  s = SnapshotOf(State::kHealthy, SelfAnswer::kDown);
  s.self.detail = "HTTP 503";
  snapshots_.Publish(s);
  EXPECT_THAT(Probe("media", &response).error_message(), HasSubstr("self-report down: HTTP 503"));
  EXPECT_EQ(Probe("medai", &response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ContractTest, AWatcherThatReconnectsGetsTheMissedChanges) {
  snapshots_.Subscribe([this](const SnapshotPtr& s) { history_.OnChange(*s); });
  for (const State state : {State::kHealthy, State::kDegraded, State::kFailing, State::kHealthy}) {
    snapshots_.Publish(SnapshotOf(state));
  }
  Call call;
  v1::WatchVerdictRequest request;
  request.set_since_sequence(1);
  auto reader = node_->WatchVerdict(&call.context, request);
  v1::Verdict v;
  std::vector<std::pair<uint64_t, bool>> received;
  for (int i = 0; i < 3 && reader->Read(&v); ++i) {
    received.emplace_back(v.sequence(), v.replayed());
    EXPECT_EQ(v.missed(), 0u);
  }
  EXPECT_EQ(received, (std::vector<std::pair<uint64_t, bool>>{{2, true}, {3, true}, {4, false}}));
  EXPECT_EQ(v.state(), v1::HEALTHY);
}

TEST_F(ContractTest, AWatcherGetsGapsAndRestarts) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  snapshots_.Publish(SnapshotOf(State::kFailing));  // not in the history
  snapshots_.Subscribe([this](const SnapshotPtr& s) { history_.OnChange(*s); });
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  const auto first = [&](uint64_t since) {
    Call call;
    v1::WatchVerdictRequest request;
    request.set_since_sequence(since);
    auto reader = node_->WatchVerdict(&call.context, request);
    v1::Verdict v;
    EXPECT_TRUE(reader->Read(&v));
    return v;
  };
  EXPECT_EQ(first(0).missed(), 2u);
  EXPECT_EQ(first(0).sequence(), 3u);
  EXPECT_TRUE(first(99).restarted());
  EXPECT_FALSE(first(3).restarted());
}

TEST_F(ContractTest, StreamsBeyondTheQuotaAreRefusedByName) {
  ServeOptions options{.grpc_listen = {"127.0.0.1:0"}};
  options.watches_per_peer = 2;
  StartServer(options);
  Call a, b, c;
  HealthReader first = Watch(a, ""), second = Watch(b, "");
  Next(first);
  Next(second);
  HealthReader third = Watch(c, "");
  HealthResponse response;
  EXPECT_FALSE(third->Read(&response));
  const grpc::Status status = third->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("limits.watches_per_peer"));
  EXPECT_EQ(StatusOf(""), HealthResponse::NOT_SERVING) << "Check goes on";
}

TEST_F(ContractTest, PagesOfTransitionsAndAttemptsJoinWithoutGapOrDouble) {
  snapshots_.Subscribe([this](const SnapshotPtr& s) { history_.OnChange(*s); });
  Snapshot s = SnapshotOf(State::kHealthy);
  for (uint64_t id = 1; id <= 25; ++id) {
    AttemptView a;
    a.id = id;
    a.peer.address = IpAddress::V4(0xc0000200 + static_cast<uint32_t>(id % 2));
    s.attempts.push_back(a);
    s.verdict.reason = std::to_string(id);
    snapshots_.Publish(s);
  }
  std::vector<uint64_t> attempts, transitions;
  v1::ListAttemptsRequest request;
  request.set_page_size(4);
  request.add_peer_network("192.0.2.1/32");
  v1::ListTransitionsRequest changes;
  changes.set_page_size(7);
  do {
    Call call, other;
    v1::ListAttemptsResponse page;
    ASSERT_TRUE(node_->ListAttempts(&call.context, request, &page).ok());
    for (const auto& a : page.attempts()) attempts.push_back(a.id());
    request.set_page_token(page.next_page_token());
    EXPECT_EQ(page.more(), !page.next_page_token().empty());
  } while (!request.page_token().empty());
  do {
    Call call;
    v1::ListTransitionsResponse page;
    ASSERT_TRUE(node_->ListTransitions(&call.context, changes, &page).ok());
    for (const auto& t : page.transitions()) transitions.push_back(t.id());
    changes.set_page_token(page.next_page_token());
  } while (!changes.page_token().empty());
  EXPECT_EQ(attempts, (std::vector<uint64_t>{25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1}));
  ASSERT_EQ(transitions.size(), 25u);
  for (uint64_t i = 0; i < 25; ++i) EXPECT_EQ(transitions[i], 25 - i);
  Call call;
  v1::ListAttemptsResponse ignored;
  for (const char* token : {"a", "b7", "a7x", "a-1", "a99999999999999999999999"}) {
    Call bad;
    request.set_page_token(token);
    EXPECT_EQ(node_->ListAttempts(&bad.context, request, &ignored).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT)
        << token;
  }
}

}  // namespace
}  // namespace candor
