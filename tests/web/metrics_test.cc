// SPDX-License-Identifier: Apache-2.0
#include "web/metrics.h"

#include <gmock/gmock.h>

#include "tests/status/snapshots.h"

namespace candor::web {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Text(const Snapshot& snapshot, const Traffic& traffic = {}) {
  MetricsInput input{snapshot, traffic, "1.2.3", std::chrono::system_clock::from_time_t(1700000000),
                     0.25,     {}};
  input.cost = ProcessCost{1.5, 4096, 8192, 7, 30, 1024};
  return MetricsText(input);
}

void ExpectSample(const std::string& text, const std::string& sample) {
  EXPECT_THAT(text, HasSubstr("\n" + sample + "\n"));
}

TEST(Metrics, VerdictAndSelfReportAreStateSets) {
  const std::string text = Text(SnapshotOf(State::kFailing, SelfAnswer::kOk, "waiting_on_node"));
  ExpectSample(text, "candor_verdict{state=\"FAILING\"} 1");
  ExpectSample(text, "candor_verdict{state=\"HEALTHY\"} 0");
  ExpectSample(text, "candor_verdict_reason{reason=\"waiting_on_node\"} 1");
  ExpectSample(text, "candor_self_report{answer=\"ok\"} 1");
  ExpectSample(text, "candor_self_report{answer=\"down\"} 0");
  ExpectSample(text, "candor_serving 0");
}

TEST(Metrics, TheCauseIsThereWhileItIsNamed) {
  Snapshot s = SnapshotOf(State::kFailing);
  EXPECT_EQ(Text(s).find("candor_verdict_cause"), std::string::npos);
  s.verdict.cause = {"throttled", true, "text", "remediation", {}};
  ExpectSample(Text(s), "candor_verdict_cause{code=\"throttled\",measured=\"true\"} 1");
}

TEST(Metrics, AttemptsAreByOutcomePhaseAndWaitingOn) {
  Snapshot s = SnapshotOf(State::kHealthy);
  s.counts.concluded.Add(Outcome::kActive, Phase::kActive, WaitingOn::kNone);
  s.counts.concluded.Add(Outcome::kStalled, Phase::kNominated, WaitingOn::kNode);
  s.counts.concluded.Add(Outcome::kStalled, Phase::kNominated, WaitingOn::kNode);
  const std::string text = Text(s);
  ExpectSample(text, "candor_attempts_total{outcome=\"active\",phase=\"active\",waiting_on=\"none\"} 1");
  ExpectSample(text, "candor_attempts_total{outcome=\"stalled\",phase=\"nominated\",waiting_on=\"node\"} 2");
  ExpectSample(text, "candor_attempts_total{outcome=\"stalled\",phase=\"offered\",waiting_on=\"path\"} 0");
  EXPECT_THAT(text, Not(HasSubstr("outcome=\"left\"")));
}

TEST(Metrics, SetupTimesAreACumulativeHistogramInSeconds) {
  Snapshot s = SnapshotOf(State::kHealthy);
  s.counts.setup.Add(std::chrono::milliseconds(100));  // bounds are inclusive
  s.counts.setup.Add(std::chrono::milliseconds(400));
  s.counts.setup.Add(std::chrono::seconds(60));
  const std::string text = Text(s);
  ExpectSample(text, "candor_attempt_setup_seconds_bucket{le=\"0.1\"} 1");
  ExpectSample(text, "candor_attempt_setup_seconds_bucket{le=\"0.5\"} 2");
  ExpectSample(text, "candor_attempt_setup_seconds_bucket{le=\"10\"} 2");
  ExpectSample(text, "candor_attempt_setup_seconds_bucket{le=\"+Inf\"} 3");
  ExpectSample(text, "candor_attempt_setup_seconds_sum 60.5");
  ExpectSample(text, "candor_attempt_setup_seconds_count 3");
}

TEST(Metrics, SocketEvidenceIsAbsentRatherThanZero) {
  Snapshot s = SnapshotOf(State::kHealthy);
  EXPECT_THAT(Text(s), Not(HasSubstr("candor_socket_receive_drops_total")));
  ExpectSample(Text(s), "candor_socket_evidence 0");
  s.source.sockets = {"",
                      1,
                      {.at = TimeFromNanos(1),
                       .received = 100,
                       .dropped_full = 7,
                       .dropped_memory = 2,
                       .sent = 300,
                       .unsent_full = 4,
                       .unsent_refused = 5}};
  const std::string text = Text(s);
  ExpectSample(text, "candor_socket_evidence 1");
  ExpectSample(text, "candor_socket_datagrams_total{direction=\"in\"} 100");
  ExpectSample(text, "candor_socket_datagrams_total{direction=\"out\"} 300");
  ExpectSample(text, "candor_socket_receive_drops_total{reason=\"receive_buffer\"} 7");
  ExpectSample(text, "candor_socket_receive_drops_total{reason=\"udp_memory\"} 2");
  ExpectSample(text, "candor_socket_failed_sends_total{reason=\"full\"} 4");
  ExpectSample(text, "candor_socket_failed_sends_total{reason=\"refused\"} 5");
}

TEST(Metrics, DropReasonsThatTheKernelDoesNotReportAreAbsent) {
  Snapshot s = SnapshotOf(State::kHealthy);
  ExpectSample(Text(s), "candor_drop_reasons 0");
  EXPECT_THAT(Text(s), Not(HasSubstr("candor_socket_drops_by_reason_total")));
  DropEvidence& drops = s.source.sockets.drops;
  drops.unavailable = "";
  drops.unreported = {"udp_memory"};
  drops.unattributed = 3;
  drops.lost_read = 11;
  drops.lost_unread = 1;
  drops.lost_cut = 2;
  drops.sums[CANDOR_IN][CANDOR_DROP_NETFILTER] = 12;
  const std::string text = Text(s);
  ExpectSample(text, "candor_drop_reasons 1");
  ExpectSample(text, "candor_socket_drops_by_reason_total{direction=\"in\",reason=\"netfilter\"} 12");
  ExpectSample(text, "candor_socket_drops_by_reason_total{direction=\"out\",reason=\"netfilter\"} 0");
  EXPECT_THAT(text,
              Not(HasSubstr("candor_socket_drops_by_reason_total{direction=\"in\",reason=\"udp_memory\"")));
  EXPECT_THAT(text, Not(HasSubstr("candor_socket_drops_by_reason_total{direction=\"in\",reason=\"qdisc\"")));
  ExpectSample(text, "candor_socket_drops_unattributed_total 3");
  ExpectSample(text, "candor_lost_packets_total{read=\"yes\"} 11");
  ExpectSample(text, "candor_lost_packets_total{read=\"no\"} 1");
  ExpectSample(text, "candor_lost_packets_cut_total 2");
}

TEST(Metrics, AcceptedSessionsAreAbsentUntilTheyAreCounted) {
  Snapshot s = SnapshotOf(State::kHealthy);
  ExpectSample(Text(s), "candor_session_counts 0");
  EXPECT_THAT(Text(s), Not(HasSubstr("candor_sessions_accepted_total")));
  s.source.sessions.unavailable = "";
  s.source.sessions.at = Time(std::chrono::seconds(5));
  s.source.sessions.accepted = 7;
  ExpectSample(Text(s), "candor_session_counts 1");
  ExpectSample(Text(s), "candor_sessions_accepted_total 7");
}

TEST(Metrics, TheServersOwnCountersAreAbsentUntilTheyAreRead) {
  Snapshot s = SnapshotOf(State::kHealthy);
  EXPECT_THAT(Text(s), Not(HasSubstr("candor_reported_joins"))) << "no page is configured";
  s.metrics_page.configured = true;
  s.verdict.reported.unknown = "nothing was read yet";
  ExpectSample(Text(s), "candor_reported_joins_known 0");
  EXPECT_THAT(Text(s), Not(HasSubstr("candor_reported_joins_total")));
  ReportedJoinEvidence& r = s.verdict.reported;
  r.unknown.clear();
  r.counters.at = Time(std::chrono::seconds(5));
  r.counters.begun = 8, r.counters.up = 5;
  ExpectSample(Text(s), "candor_reported_joins_known 1");
  ExpectSample(Text(s), "candor_reported_joins_total{stage=\"begun\"} 8");
  ExpectSample(Text(s), "candor_reported_joins_total{stage=\"up\"} 5");
  EXPECT_THAT(Text(s), Not(HasSubstr("candor_reported_joins_usual_ratio")));
  r.usual_share = 0.5, r.score = 21, r.socket_score = 7, r.threshold = 20;
  ExpectSample(Text(s), "candor_reported_joins_usual_ratio 0.5");
  ExpectSample(Text(s), "candor_reported_joins_score{by=\"server\"} 21");
  ExpectSample(Text(s), "candor_reported_joins_score{by=\"sockets\"} 7");
  ExpectSample(Text(s), "candor_reported_joins_threshold 20");
}

TEST(Metrics, EveryCounterOfTheProbesIsExported) {
  Snapshot s = SnapshotOf(State::kHealthy);
  for (size_t i = 0; i < s.source.counters.size(); ++i) s.source.counters[i] = 4200 + i;
  const std::string text = Text(s);
  for (size_t i = 0; i < s.source.counters.size(); ++i) {
    EXPECT_THAT(text, HasSubstr(" " + std::to_string(4200 + i) + "\n"))
        << CounterName(static_cast<candor_counter>(i));
  }
  ExpectSample(text, "candor_sensor_drops_total{reason=\"events_lost\"} 4215");
}

TEST(Metrics, OnlyBlindnessHasAReason) {
  const std::string blind = Text(BlindSnapshot(State::kHealthy));
  ExpectSample(blind, "candor_sensor_seeing 0");
  ExpectSample(blind, "candor_sensor_blindness{reason=\"load_timeout\"} 1");
  ExpectSample(blind, "candor_verdict{state=\"BLIND\"} 1");
  EXPECT_THAT(Text(SnapshotOf(State::kHealthy)), Not(HasSubstr("candor_sensor_blindness")));
}

TEST(Metrics, DetectorsHaveScoreThresholdAndBaseline) {
  Snapshot s = SnapshotOf(State::kDegraded);
  s.verdict.detectors = {{"waiting_on_node", 1.5, 9.25, 0.0625, true}};
  const std::string text = Text(s);
  ExpectSample(text, "candor_detector_score{detector=\"waiting_on_node\"} 1.5");
  ExpectSample(text, "candor_detector_threshold{detector=\"waiting_on_node\"} 9.25");
  ExpectSample(text, "candor_detector_baseline_failure_ratio{detector=\"waiting_on_node\"} 0.0625");
}

TEST(Metrics, TimesAreOfTheWallClock) {
  Snapshot s = SnapshotOf(State::kHealthy);  // judged at 1 s of the source's clock
  s.verdict.since = TimeFromNanos(500'000'000);
  s.to_wall = std::chrono::seconds(1700000000);
  const std::string text = Text(s);
  ExpectSample(text, "candor_verdict_since_timestamp_seconds 1700000000.5");
  ExpectSample(text, "candor_verdict_judged_timestamp_seconds 1700000001");
  ExpectSample(text, "process_start_time_seconds 1700000000");
}

TEST(Metrics, TheProcessMetricsHavePrometheusNames) {
  const std::string text = Text(SnapshotOf(State::kHealthy));
  ExpectSample(text, "process_cpu_seconds_total 1.5");
  ExpectSample(text, "process_resident_memory_bytes 4096");
  ExpectSample(text, "process_open_fds 30");
  ExpectSample(text, "candor_build_info{version=\"1.2.3\"} 1");
}

TEST(Metrics, NoPeersAddressIsExported) {
  Snapshot s = SnapshotOf(State::kFailing);
  AttemptView attempt;
  attempt.key = "secret";
  attempt.peer = {*IpAddress::Parse("198.51.100.7"), 40000};
  s.attempts.push_back(attempt);
  const std::string text = Text(s);
  EXPECT_THAT(text, Not(HasSubstr("198.51.100.7")));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
}

TEST(Metrics, SteeringHasItsStateAndFiguresOnceConfigured) {
  Snapshot s = SnapshotOf(State::kFailing);
  ExpectSample(Text(s), "candor_steer{state=\"off\"} 1");
  EXPECT_THAT(Text(s), Not(HasSubstr("candor_steer_rewrites_total")));
  s.steering.state = steer::SteerState::kSteering;
  s.steering.nodes = 10, s.steering.left = 8, s.steering.needed = 7;
  s.steering.rewrites = 5;
  const std::string text = Text(s);
  ExpectSample(text, "candor_steer{state=\"steering\"} 1");
  ExpectSample(text, "candor_steer{state=\"off\"} 0");
  ExpectSample(text, "candor_steer_nodes{kind=\"left\"} 8");
  ExpectSample(text, "candor_steer_rewrites_total 5");
}

}  // namespace
}  // namespace candor::web
