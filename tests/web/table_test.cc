// SPDX-License-Identifier: Apache-2.0
//
// The whole table of states (rows) and interfaces (columns): every cell is checked over real sockets of one
// node. Severities, policies and other self-reports between the rows are in the two contract_tests.
#include <gmock/gmock.h>

#include "tests/cli/fake_node.h"
#include "tests/serve/harness.h"
#include "tests/web/client.h"
#include "web/web_server.h"
#include "xds/service/orca/v3/orca.grpc.pb.h"

namespace candor::web {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using xds::data::orca::v3::OrcaLoadReport;

// What ORCA reports of a load of 10 attempts and 2 failures per second.
struct Load {
  double qps, eps;
  bool operator==(const Load&) const = default;
};
constexpr std::optional<Load> kNoReport = std::nullopt;
constexpr Load kActualLoad{10, 2};

struct Row {
  const char* name;
  State state;
  bool blind;
  SelfAnswer self_answer;
  bool by_override;  // DRAINING: an operator drained a healthy node
  // grpc.health.v1: "" and media and candor.v1.NodeHealth; self; sensor.
  bool serving, self, sensor;
  // HTTP /readyz and its headers; nullptr: no such header.
  int status;
  const char *weight, *degraded, *fail_now;
  const char* agent;
  std::optional<Load> orca;
  int probe, strict;  // exit codes of candorctl probe
};

constexpr auto kOk = SelfAnswer::kOk;
constexpr auto kDown = SelfAnswer::kDown;
constexpr const char* kNone = nullptr;

const Row kRows[] = {
    {"HEALTHY", State::kHealthy, false, kOk, false, true, true, true, 200, "1000", kNone, kNone,
     "up ready 100%", kActualLoad, 0, 0},
    {"DEGRADED", State::kDegraded, false, kOk, false, true, true, true, 200, "750", "true", kNone,
     "up ready 75%", kActualLoad, 0, 4},
    {"PROBATION", State::kProbation, false, kOk, false, true, true, true, 200, "50", "true", kNone,
     "up ready 5%", Load{10, 190}, 0, 4},
    {"FAILING", State::kFailing, false, kOk, false, false, true, true, 503, kNone, kNone, "true",
     "down #because 12/15", Load{10, 10}, 4, 4},
    {"DRAINING", State::kDraining, false, kOk, false, false, true, true, 503, kNone, kNone, kNone, "drain",
     kActualLoad, 4, 4},
    {"DRAININGByOverride", State::kHealthy, false, kOk, true, false, true, true, 503, kNone, kNone, kNone,
     "drain", kActualLoad, 4, 4},
    {"UNKNOWN", State::kUnknown, false, kOk, false, true, true, true, 200, kNone, kNone, kNone,
     "up ready 100%", kNoReport, 0, 0},
    {"UNKNOWNAndDown", State::kUnknown, false, kDown, false, false, false, true, 503, kNone, kNone, kNone,
     "down #self-report down", kNoReport, 4, 4},
    {"BLIND", State::kHealthy, true, kOk, false, true, true, false, 200, kNone, kNone, kNone, "up ready 100%",
     kNoReport, 0, 0},
    {"BLINDAndDown", State::kHealthy, true, kDown, false, false, false, false, 503, kNone, kNone, kNone,
     "down #self-report down", kNoReport, 4, 4},
};

class Table : public Served, public testing::WithParamInterface<Row> {
 protected:
  void SetUp() override {
    Served::SetUp();
    WebOptions options;
    options.http_listen = options.agent_listen = {"127.0.0.1:0"};
    AboutProcess about;
    about.since_tick = [] { return Duration(0); };
    auto started = WebServer::Start(options, snapshots_, std::move(about));
    ASSERT_TRUE(started) << started.error().message;
    web_ = std::move(*started);
  }

  // At `second`, after so many attempts of which every fifth failed.
  Snapshot At(int second, uint64_t attempts, State state) const {
    Snapshot s = GetParam().blind ? BlindSnapshot(state, GetParam().self_answer)
                                  : SnapshotOf(state, GetParam().self_answer);
    s.verdict.severity = 0.25;
    s.verdict.score = 5;
    s.verdict.failed = 12;
    s.verdict.counted = 15;
    s.verdict.at = Time(std::chrono::seconds(second));
    s.counts.attempts = attempts;
    s.counts.stalled[CANDOR_WAITING_ON_NODE] = attempts / 5;
    return s;
  }
  void EnterTheRow() {
    if (GetParam().by_override) {
      snapshots_.ApplyOverrides([](Overrides& all) {
        all.drain = DrainOverride{"test", "root", BootTime{}};
      });
    }
    snapshots_.Publish(At(11, 100, GetParam().state));
  }
  std::string Get(const std::string& path) const {
    const Client client(web_->http().front());
    client.Send("GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n");
    return client.ReadAll();
  }

  std::unique_ptr<WebServer> web_;
};

HealthResponse::ServingStatus Word(bool serving) {
  return serving ? HealthResponse::SERVING : HealthResponse::NOT_SERVING;
}

std::string StateOf(const Row& row) {
  const State state = row.blind ? State::kBlind : row.by_override ? State::kDraining : row.state;
  return std::string(Name(state));
}

TEST_P(Table, GrpcHealth) {
  const Row& row = GetParam();
  EnterTheRow();
  Call call;
  grpc::health::v1::HealthListResponse all;
  ASSERT_TRUE(health_->List(&call.context, {}, &all).ok());
  for (const auto& [name, expected] : std::map<std::string, bool>{{"", row.serving},
                                                                  {"media", row.serving},
                                                                  {"candor.v1.NodeHealth", row.serving},
                                                                  {"self", row.self},
                                                                  {"sensor", row.sensor}}) {
    EXPECT_EQ(StatusOf(name), Word(expected)) << "Check " << name;
    EXPECT_EQ(all.statuses().at(name).status(), Word(expected)) << "List " << name;
    Call watch;
    HealthReader reader = Watch(watch, name);
    EXPECT_EQ(Next(reader), Word(expected)) << "Watch " << name;
  }
}

TEST_P(Table, HttpAndItsHeaders) {
  const Row& row = GetParam();
  EnterTheRow();
  for (const char* path : {"/readyz", "/healthz"}) {
    const std::string answer = Get(path);
    EXPECT_THAT(answer, HasSubstr("HTTP/1.1 " + std::to_string(row.status) + " "));
    for (const auto& [name, value] :
         std::map<std::string, const char*>{{"X-Load-Balancing-Endpoint-Weight", row.weight},
                                            {"x-envoy-degraded", row.degraded},
                                            {"x-envoy-immediate-health-check-fail", row.fail_now}}) {
      if (value == nullptr) {
        EXPECT_THAT(answer, Not(HasSubstr(name)));
      } else {
        EXPECT_THAT(answer, HasSubstr("\r\n" + name + ": " + value + "\r\n"));
      }
    }
    EXPECT_THAT(answer, HasSubstr("\"state\":\"" + StateOf(row) + "\"")) << "the body gives the reason";
    EXPECT_THAT(answer, HasSubstr("\"reason\":\""));
  }
  EXPECT_THAT(Get("/livez"), HasSubstr("HTTP/1.1 200 ")) << "never the verdict";
}

TEST_P(Table, HaproxyAgent) {
  EnterTheRow();
  EXPECT_EQ(Client(web_->agent().front()).ReadAll(), std::string(GetParam().agent) + "\n");
}

// A stream reports each change of state. The row lies between two states that are always reported.
TEST_P(Table, Orca) {
  const Row& row = GetParam();
  Snapshot before = SnapshotOf(row.state == State::kFailing ? State::kHealthy : State::kFailing);
  before.verdict.at = Time(1s);
  snapshots_.Publish(before);
  Call call;
  xds::service::orca::v3::OrcaLoadReportRequest request;
  request.mutable_report_interval()->set_seconds(3600);
  const auto stub = xds::service::orca::v3::OpenRcaService::NewStub(channel_);
  const auto reader = stub->StreamCoreMetrics(&call.context, request);
  OrcaLoadReport report;
  ASSERT_TRUE(reader->Read(&report));
  Snapshot now = At(11, 100, row.state);
  if (row.by_override) now.verdict.state = State::kDraining;  // two changes at once cannot be published
  snapshots_.Publish(now);
  if (row.orca) {
    ASSERT_TRUE(reader->Read(&report));
    EXPECT_EQ((Load{report.rps_fractional(), report.eps()}), *row.orca);
    return;
  }
  Snapshot after = SnapshotOf(State::kDegraded);
  after.verdict.at = Time(21s);
  after.counts.attempts = 1100;
  snapshots_.Publish(after);
  ASSERT_TRUE(reader->Read(&report));
  EXPECT_EQ(report.rps_fractional(), 55) << "the row was not reported";
}

TEST_P(Table, CandorctlProbe) {
  const Row& row = GetParam();
  EnterTheRow();
  const cli::Ran plain = cli::Ctl(server_->listening().front(), "probe");
  EXPECT_EQ(plain.code, row.probe) << plain.err;
  EXPECT_THAT(plain.out, HasSubstr(StateOf(row)));
  EXPECT_EQ(plain.err.find("warning: Candor is blind") != std::string::npos, row.blind) << plain.err;
  EXPECT_EQ(cli::Ctl(server_->listening().front(), "probe --strict").code, row.strict);
}

INSTANTIATE_TEST_SUITE_P(Contract, Table, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace candor::web
