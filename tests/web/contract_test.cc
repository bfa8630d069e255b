// SPDX-License-Identifier: Apache-2.0
//
// Each state over real sockets: the effective answer, the HTTP status and headers, and the HAProxy agent's
// line.
#include <gmock/gmock.h>

#include "harness.h"

namespace candor::web {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Row {
  const char* name;
  State state;
  bool blind;
  SelfAnswer self;
  double severity;
  BlindPolicy policy;
  // Expected:
  int status;
  const char* weight;  // nullptr: no such header
  bool degraded;
  bool fail_now;
  const char* agent;
};

constexpr auto kFollow = BlindPolicy::kFollowSelf;
constexpr auto kStrict = BlindPolicy::kNotServing;
constexpr auto kOk = SelfAnswer::kOk;
constexpr auto kNo = SelfAnswer::kDown;
constexpr auto kAbsent = SelfAnswer::kNotConfigured;

const Row kRows[] = {
    {"Healthy", State::kHealthy, false, kOk, 0, kFollow, 200, "1000", false, false, "up ready 100%"},
    {"HealthyWithoutSelfReport", State::kHealthy, false, kAbsent, 0, kFollow, 200, "1000", false, false,
     "up ready 100%"},
    {"HealthyButSelfReportsDown", State::kHealthy, false, kNo, 0, kFollow, 503, nullptr, false, false,
     "down #self-report down"},
    {"Degraded", State::kDegraded, false, kOk, 0.25, kFollow, 200, "750", true, false, "up ready 75%"},
    {"DegradedALittle", State::kDegraded, false, kOk, 0, kFollow, 200, "990", true, false, "up ready 99%"},
    {"DegradedAlmostWholly", State::kDegraded, false, kOk, 0.97, kFollow, 200, "50", true, false,
     "up ready 5%"},
    {"DegradedAndSelfReportsDown", State::kDegraded, false, kNo, 0.25, kFollow, 503, nullptr, false, false,
     "down #self-report down"},
    {"Probation", State::kProbation, false, kOk, 0.9, kFollow, 200, "50", true, false, "up ready 5%"},
    {"ProbationAndSelfReportsDown", State::kProbation, false, kNo, 0, kFollow, 503, nullptr, false, false,
     "down #self-report down"},
    {"Failing", State::kFailing, false, kOk, 0.9, kFollow, 503, nullptr, false, true, "down #because 12/15"},
    {"FailingAndSelfReportsDown", State::kFailing, false, kNo, 0.9, kFollow, 503, nullptr, false, true,
     "down #because 12/15"},
    {"Draining", State::kDraining, false, kOk, 0, kFollow, 503, nullptr, false, false, "drain"},
    {"DrainingBlind", State::kDraining, true, kOk, 0, kFollow, 503, nullptr, false, false, "drain"},
    {"Unknown", State::kUnknown, false, kOk, 0, kFollow, 200, nullptr, false, false, "up ready 100%"},
    {"UnknownWithoutSelfReport", State::kUnknown, false, kAbsent, 0, kFollow, 200, nullptr, false, false,
     "up ready 100%"},
    {"UnknownAndSelfReportsDown", State::kUnknown, false, kNo, 0, kFollow, 503, nullptr, false, false,
     "down #self-report down"},
    {"UnknownAndSelfReportPending", State::kUnknown, false, SelfAnswer::kPending, 0, kFollow, 503, nullptr,
     false, false, "down #self-report pending"},
    {"UnknownAndSelfReportUnreachable", State::kUnknown, false, SelfAnswer::kUnreachable, 0, kFollow, 503,
     nullptr, false, false, "down #self-report unreachable"},
    {"Blind", State::kHealthy, true, kOk, 0, kFollow, 200, nullptr, false, false, "up ready 100%"},
    {"BlindOverFailing", State::kFailing, true, kOk, 0.9, kFollow, 200, nullptr, false, false,
     "up ready 100%"},
    {"BlindAndSelfReportsDown", State::kHealthy, true, kNo, 0, kFollow, 503, nullptr, false, false,
     "down #self-report down"},
    {"BlindByPolicy", State::kHealthy, true, kOk, 0, kStrict, 503, nullptr, false, false,
     "down #blind load_timeout"},
};

class Contract : public testing::TestWithParam<Row> {
 protected:
  static Snapshot SnapshotOf(const Row& row) {
    Snapshot s = row.blind ? BlindSnapshot(row.state, row.self) : candor::SnapshotOf(row.state, row.self);
    s.verdict.severity = row.severity;
    s.verdict.score = 5;
    s.verdict.failed = 12;
    s.verdict.counted = 15;
    return s;
  }
  static std::string WordOf(const Row& row) {
    return std::string(Name(row.blind && row.state != State::kDraining ? State::kBlind : row.state));
  }
};

void ExpectHeader(const std::string& answer, const std::string& name, const char* value) {
  if (value == nullptr) {
    EXPECT_THAT(answer, Not(HasSubstr(name)));
  } else {
    EXPECT_THAT(answer, HasSubstr("\r\n" + name + ": " + value + "\r\n"));
  }
}

TEST_P(Contract, HoldsInEveryColumn) {
  const Row& row = GetParam();
  SnapshotStore snapshots(row.policy);
  snapshots.Publish(SnapshotOf(row));
  WebOptions options;
  options.http_listen = options.agent_listen = {"127.0.0.1:0"};
  AboutProcess about;
  about.since_tick = [] { return Duration(0); };
  const auto server = WebServer::Start(options, snapshots, std::move(about));
  ASSERT_TRUE(server);
  for (const char* path : {"/readyz", "/healthz"}) {
    const Client client((*server)->http().front());
    client.Send(std::string("GET ") + path + " HTTP/1.1\r\nConnection: close\r\n\r\n");
    const std::string answer = client.ReadAll();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 " + std::to_string(row.status) + " "));
    ExpectHeader(answer, "X-Load-Balancing-Endpoint-Weight", row.weight);
    ExpectHeader(answer, "x-envoy-degraded", row.degraded ? "true" : nullptr);
    ExpectHeader(answer, "x-envoy-immediate-health-check-fail", row.fail_now ? "true" : nullptr);
    ExpectHeader(answer, "Cache-Control", "no-store");
    ExpectHeader(answer, "Content-Type", "application/json");
    EXPECT_THAT(answer, HasSubstr("\"state\":\"" + WordOf(row) + "\""));
    EXPECT_THAT(answer, HasSubstr(row.status == 200 ? "\"serving\":true" : "\"serving\":false"));
  }
  EXPECT_EQ(Client((*server)->agent().front()).ReadAll(), std::string(row.agent) + "\n");
  const Client live((*server)->http().front());
  live.Send("GET /livez HTTP/1.0\r\n\r\n");
  EXPECT_THAT(live.ReadAll(), HasSubstr(" 200 OK\r\n")) << "independent of the verdict";
}

INSTANTIATE_TEST_SUITE_P(Table, Contract, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace candor::web
