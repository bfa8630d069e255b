// SPDX-License-Identifier: Apache-2.0
#include "serve/to_proto.h"

#include <gtest/gtest.h>

#include <cstring>
#include <utility>
#include <vector>

#include "serve/to_proto_history.h"
#include "tests/status/snapshots.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

TEST(ToProto, EveryValueOfEveryEnumHasItsOwnName) {
  const std::vector<std::pair<State, v1::State>> states = {
      {State::kUnknown, v1::UNKNOWN}, {State::kHealthy, v1::HEALTHY},     {State::kDegraded, v1::DEGRADED},
      {State::kFailing, v1::FAILING}, {State::kProbation, v1::PROBATION}, {State::kDraining, v1::DRAINING},
      {State::kBlind, v1::BLIND}};
  for (const auto& [ours, theirs] : states) EXPECT_EQ(ToProto(ours), theirs);
  const std::vector<std::pair<Phase, v1::Phase>> phases = {
      {Phase::kNone, v1::PHASE_UNSPECIFIED}, {Phase::kOffered, v1::OFFERED}, {Phase::kAnswered, v1::ANSWERED},
      {Phase::kNominated, v1::NOMINATED},    {Phase::kSecured, v1::SECURED}, {Phase::kActive, v1::ACTIVE}};
  for (const auto& [ours, theirs] : phases) EXPECT_EQ(ToProto(ours), theirs);
  const std::vector<std::pair<WaitingOn, v1::WaitingOn>> waiting_on = {
      {WaitingOn::kNone, v1::WAITING_ON_NONE},
      {WaitingOn::kNode, v1::WAITING_ON_NODE},
      {WaitingOn::kPeer, v1::WAITING_ON_PEER},
      {WaitingOn::kPath, v1::WAITING_ON_PATH}};
  for (const auto& [ours, theirs] : waiting_on) EXPECT_EQ(ToProto(ours), theirs);
  const std::vector<std::pair<Outcome, v1::Outcome>> outcomes = {
      {Outcome::kPending, v1::PENDING},       {Outcome::kActive, v1::BECAME_ACTIVE},
      {Outcome::kStalled, v1::STALLED},       {Outcome::kLeft, v1::LEFT},
      {Outcome::kRefused, v1::REFUSED},       {Outcome::kEarlyDrop, v1::EARLY_DROP},
      {Outcome::kUnanswered, v1::UNANSWERED}, {Outcome::kReplaced, v1::REPLACED}};
  for (const auto& [ours, theirs] : outcomes) EXPECT_EQ(ToProto(ours), theirs);
  const std::vector<std::pair<SelfAnswer, v1::SelfReport::Answer>> answers = {
      {SelfAnswer::kNotConfigured, v1::SelfReport::NOT_CONFIGURED},
      {SelfAnswer::kPending, v1::SelfReport::NOT_CHECKED_YET},
      {SelfAnswer::kOk, v1::SelfReport::OK},
      {SelfAnswer::kDown, v1::SelfReport::DOWN},
      {SelfAnswer::kUnreachable, v1::SelfReport::UNREACHABLE}};
  for (const auto& [ours, theirs] : answers) {
    SelfReport r;
    r.answer = ours;
    EXPECT_EQ(ToProto(r).answer(), theirs);
  }
}

TEST(ToProto, SocketEvidenceIsCompleteOrHasTheReason) {
  Snapshot s = SnapshotOf(State::kDegraded);
  s.verdict.sockets = {{"receive_drops", 5, 100, 4, 3, 4s, CANDOR_DROP_UDP_MEMORY}};
  s.source.sockets = {"",
                      2,
                      {.at = Time(1s),
                       .received = 1,
                       .dropped_full = 2,
                       .dropped_memory = 3,
                       .sent = 4,
                       .unsent_full = 5,
                       .unsent_refused = 6}};
  const v1::Verdict v = VerdictToProto(s);
  ASSERT_EQ(v.sockets_size(), 1);
  EXPECT_EQ(v.sockets(0).ShortDebugString(),
            "name: \"receive_drops\" lost: 5 tried: 100 seconds: 4 bad_seconds: 3 window { seconds: 4 } "
            "cause: \"udp_memory\"");
  EXPECT_EQ(v.sockets_unavailable(), "");
  v1::Info info;
  FillInfo(s, &info);
  info.mutable_sockets()->clear_drops();
  EXPECT_EQ(
      info.sockets().ShortDebugString(),
      "namespaces: 2 received: 1 dropped_full: 2 dropped_memory: 3 sent: 4 unsent_full: 5 unsent_refused: 6");
  s.source.sockets = {};
  EXPECT_EQ(VerdictToProto(s).sockets_unavailable(), "nothing was read yet");
}

TEST(ToProto, DropReasonsThatOccurredHaveTheirHelpAndRemediation) {
  Snapshot s = SnapshotOf(State::kDegraded);
  EXPECT_EQ(VerdictToProto(s).drops().unavailable(), "the probes are not loaded");
  s.to_wall = 100s;
  DropEvidence& drops = s.source.sockets.drops;
  drops.unavailable = "";
  drops.unreported = {"udp_memory"};
  drops.unattributed = 9;
  drops.lost_read = 4;
  drops.lost_unread = 3;
  drops.lost_cut = 2;
  drops.sums[CANDOR_OUT][CANDOR_DROP_NETFILTER] = 4;
  drops.last[CANDOR_OUT][CANDOR_DROP_NETFILTER] = Time(5s);
  const v1::DropEvidence wire = VerdictToProto(s).drops();
  ASSERT_EQ(wire.reasons_size(), 1);
  EXPECT_EQ(wire.reasons(0).name(), "netfilter");
  EXPECT_EQ(wire.reasons(0).direction(), "out");
  EXPECT_EQ(wire.reasons(0).datagrams(), 4u);
  EXPECT_EQ(wire.reasons(0).last().seconds(), 105);
  EXPECT_EQ(wire.reasons(0).help(), DropHelp(CANDOR_DROP_NETFILTER));
  EXPECT_EQ(wire.reasons(0).remediation(), DropRemediation(CANDOR_DROP_NETFILTER, CANDOR_OUT));
  EXPECT_EQ(wire.unreported(0), "udp_memory");
  EXPECT_EQ(wire.unattributed(), 9u);
  EXPECT_EQ(wire.lost_read(), 4u);
  EXPECT_EQ(wire.lost_unread(), 3u);
  EXPECT_EQ(wire.lost_cut(), 2u);
  v1::Info info;
  FillInfo(s, &info);
  EXPECT_EQ(info.sockets().drops().ShortDebugString(), wire.ShortDebugString());
}

TEST(ToProto, AcceptedSessionsHaveTheirCgroupAndPortOrTheReasonWhyThereAreNone) {
  Snapshot s = SnapshotOf(State::kHealthy);
  v1::Info none;
  FillInfo(s, &none);
  EXPECT_EQ(none.sessions().unavailable(), "the probes are not loaded");
  s.source.sessions = {"", Time(5s), {{77, 8088, 3}}, 2, 5};
  v1::Info info;
  FillInfo(s, &info);
  EXPECT_EQ(info.sessions().ShortDebugString(),
            "ports { cgroup_id: 77 port: 8088 accepted: 3 } accepted: 5 uncounted: 2");
}

TEST(ToProto, TheSelfReportKeepsItsOwnClock) {
  SelfReport r;
  r.target = "http://127.0.0.1:7880/";
  r.detail = "HTTP 503";
  EXPECT_FALSE(ToProto(r).has_checked_at());
  r.checked_at = std::chrono::system_clock::time_point(1'700'000'000s + 5ms);
  const v1::SelfReport out = ToProto(r);
  EXPECT_EQ(out.target(), r.target);
  EXPECT_EQ(out.detail(), r.detail);
  EXPECT_EQ(out.checked_at().seconds(), 1'700'000'000);
  EXPECT_EQ(out.checked_at().nanos(), 5'000'000);
}

Snapshot At(Duration to_wall) {
  Snapshot s;
  s.to_wall = to_wall;
  return s;
}

TEST(ToProto, TimesMoveToTheWallClockAndNeverStaysAbsent) {
  AttemptView a;
  a.first = TimeFromNanos(2'000'000'001);
  const v1::Attempt out = ToProto(a, At(1'000s));
  EXPECT_EQ(out.first().seconds(), 1'002);
  EXPECT_EQ(out.first().nanos(), 1);
  EXPECT_FALSE(out.has_active());
  EXPECT_FALSE(out.has_ended());
  EXPECT_FALSE(out.has_last_in());
}

TEST(ToProto, AnAttemptKeepsEveryField) {
  AttemptView a;
  a.id = 7;
  a.key = "aB3+";
  a.local = {IpAddress::V4(0x7f000001), 7882};
  a.peer = {IpAddress::V4(0xcb007109), 4711};
  a.active = TimeFromNanos(1'000'000'000);
  a.ended = TimeFromNanos(2'000'000'000);
  a.last_in = TimeFromNanos(3'000'000'000);
  a.last_out = TimeFromNanos(4'000'000'000);
  a.phase = Phase::kSecured;
  a.waiting_on = WaitingOn::kNode;
  a.outcome = Outcome::kStalled;
  a.acknowledged = true;
  a.peer_alive = true;
  a.flows = 3;
  a.repeats = 4;
  a.stun_error = 487;
  a.alert = 40;
  const v1::Attempt out = ToProto(a, At(0s));
  EXPECT_EQ(out.id(), 7u);
  EXPECT_EQ(out.key(), "aB3+");
  EXPECT_EQ(out.local(), "127.0.0.1:7882");
  EXPECT_EQ(out.peer(), "203.0.113.9:4711");
  EXPECT_EQ(out.active().seconds(), 1);
  EXPECT_EQ(out.ended().seconds(), 2);
  EXPECT_EQ(out.last_in().seconds(), 3);
  EXPECT_EQ(out.last_out().seconds(), 4);
  EXPECT_EQ(out.phase(), v1::SECURED);
  EXPECT_EQ(out.waiting_on(), v1::WAITING_ON_NODE);
  EXPECT_EQ(out.outcome(), v1::STALLED);
  EXPECT_TRUE(out.acknowledged());
  EXPECT_TRUE(out.peer_alive());
  EXPECT_EQ(out.flows(), 3u);
  EXPECT_EQ(out.repeats(), 4u);
  EXPECT_EQ(out.stun_error(), 487u);
  EXPECT_EQ(out.alert(), 40u);
}

TEST(ToProto, AFlowKeepsEveryField) {
  FlowView f;
  const auto local = IpAddress::V4(0x7f000001).bytes;
  const auto peer = IpAddress::V4(0xcb007109).bytes;
  std::memcpy(f.key.local_addr, local.data(), local.size());
  std::memcpy(f.key.remote_addr, peer.data(), peer.size());
  f.key.local_port = 7882;
  f.key.remote_port = 4711;
  f.attempt_id = 9;
  f.state.phase = CANDOR_PHASE_ANSWERED;
  f.state.waiting_on = CANDOR_WAITING_ON_PATH;
  f.state.ufrag_len = 2;
  f.state.ufrag_text[0] = 'h';
  f.state.ufrag_text[1] = 'i';
  f.state.first_ns = 1'000'000'000;
  f.state.last_out_ns = 2'000'000'000;
  f.state.checks_in = 5;
  f.state.checks_answered = 6;
  f.state.repeats = 7;
  f.state.media_packets[CANDOR_IN] = 8;
  f.state.media_packets[CANDOR_OUT] = 10;
  const v1::Flow out = ToProto(f, At(100s));
  EXPECT_EQ(out.local(), "127.0.0.1:7882");
  EXPECT_EQ(out.peer(), "203.0.113.9:4711");
  EXPECT_EQ(out.attempt_id(), 9u);
  EXPECT_EQ(out.ufrag(), "hi");
  EXPECT_EQ(out.phase(), v1::ANSWERED);
  EXPECT_EQ(out.waiting_on(), v1::WAITING_ON_PATH);
  EXPECT_EQ(out.first().seconds(), 101);
  EXPECT_EQ(out.last_out().seconds(), 102);
  EXPECT_FALSE(out.has_active());
  EXPECT_FALSE(out.has_last_in());
  EXPECT_EQ(out.checks_in(), 5u);
  EXPECT_EQ(out.checks_answered(), 6u);
  EXPECT_EQ(out.repeats(), 7u);
  EXPECT_EQ(out.media_in(), 8u);
  EXPECT_EQ(out.media_out(), 10u);
}

TEST(ToProto, AVerdictKeepsItsDecisionAndItsEvidence) {
  Snapshot s = SnapshotOf(State::kFailing, SelfAnswer::kOk, "waiting_on_node");
  Verdict& v = s.verdict;
  v.detail = "12 of 14";
  v.remediation = "restart it";
  v.since = TimeFromNanos(1'000'000'000);
  v.at = TimeFromNanos(2'000'000'000);
  v.detector = "waiting_on_node";
  v.stuck_phase = Phase::kNominated;
  v.score = 9.5;
  v.threshold = 8.25;
  v.baseline_failure_rate = 0.01;
  v.counted = 14;
  v.failed = 12;
  v.networks = 5;
  v.window = 90s;
  v.waiting_on = {1, 2, 3, 4};
  v.severity = 0.75;
  v.clears_in = 30s;
  v.detectors = {{"early_drop", 0.5, 7, 0.02, false}};
  v.ignored_retry = 1;
  v.ignored_unacknowledged = 2;
  v.ignored_capped = 3;
  const v1::Verdict out = VerdictToProto(s);
  EXPECT_EQ(out.state(), v1::FAILING);
  EXPECT_EQ(out.reason(), "waiting_on_node");
  EXPECT_EQ(out.detail(), "12 of 14");
  EXPECT_EQ(out.remediation(), "restart it");
  EXPECT_EQ(out.since().seconds(), 1);
  EXPECT_EQ(out.judged_at().seconds(), 2);
  EXPECT_EQ(out.detector(), "waiting_on_node");
  EXPECT_EQ(out.stuck_phase(), v1::NOMINATED);
  EXPECT_EQ(out.score(), 9.5);
  EXPECT_EQ(out.threshold(), 8.25);
  EXPECT_EQ(out.baseline_failure_rate(), 0.01);
  EXPECT_EQ(out.counted(), 14u);
  EXPECT_EQ(out.failed(), 12u);
  EXPECT_EQ(out.networks(), 5u);
  EXPECT_EQ(out.window().seconds(), 90);
  EXPECT_EQ(out.waiting_on_none(), 1u);
  EXPECT_EQ(out.waiting_on_node(), 2u);
  EXPECT_EQ(out.waiting_on_peer(), 3u);
  EXPECT_EQ(out.waiting_on_path(), 4u);
  EXPECT_EQ(out.severity(), 0.75);
  EXPECT_EQ(out.clears_in().seconds(), 30);
  ASSERT_EQ(out.detectors_size(), 1);
  EXPECT_EQ(out.detectors(0).name(), "early_drop");
  EXPECT_EQ(out.detectors(0).threshold(), 7);
  EXPECT_FALSE(out.detectors(0).prevents());
  EXPECT_EQ(out.ignored_retry(), 1u);
  EXPECT_EQ(out.ignored_unacknowledged(), 2u);
  EXPECT_EQ(out.ignored_capped(), 3u);
}

TEST(ToProto, AVerdictCountsTheFunnelByPhaseAndOwedSide) {
  Snapshot s = SnapshotOf(State::kHealthy);
  s.counts.offered = 100;
  s.counts.active = 90;
  s.counts.early_drop = 3;
  s.counts.stalled[CANDOR_WAITING_ON_NODE] = 4;
  s.counts.stalled[CANDOR_WAITING_ON_PATH] = 5;
  s.counts.by_phase[CANDOR_PHASE_OFFERED] = 6;
  s.counts.by_phase[CANDOR_PHASE_ACTIVE] = 7;
  const v1::Verdict verdict = VerdictToProto(s);
  EXPECT_EQ(verdict.funnel().offered(), 100u);
  EXPECT_EQ(verdict.funnel().active(), 90u);
  EXPECT_EQ(verdict.funnel().early_drop(), 3u);
  EXPECT_EQ(verdict.funnel().stalled_node(), 4u);
  EXPECT_EQ(verdict.funnel().stalled_path(), 5u);
  EXPECT_EQ(verdict.funnel().stalled_peer(), 0u);
  EXPECT_EQ(verdict.funnel().open_offered(), 6u);
  EXPECT_EQ(verdict.funnel().open_active(), 7u);
}

TEST(ToProto, AnExampleIsLookedUpAndAnEvictedOneKeepsItsIdAndWeight) {
  Snapshot s = SnapshotOf(State::kFailing);
  AttemptView a;
  a.id = 3;
  a.key = "abcd";
  s.attempts = {a};
  s.verdict.examples = {{3, 2.5}, {99, 1.5}};
  const v1::Verdict verdict = VerdictToProto(s);
  ASSERT_EQ(verdict.examples_size(), 2);
  EXPECT_EQ(verdict.examples(0).key(), "abcd");
  EXPECT_EQ(verdict.examples(0).weight(), 2.5);
  EXPECT_EQ(verdict.examples(1).id(), 99u);
  EXPECT_EQ(verdict.examples(1).key(), "");
  EXPECT_EQ(verdict.examples(1).weight(), 1.5);
}

TEST(ToProto, ABlindNodeIsShownBlindWithTheReasonButADrainingOneDraining) {
  const v1::Verdict blind = VerdictToProto(BlindSnapshot(State::kFailing));
  EXPECT_EQ(blind.state(), v1::BLIND);
  EXPECT_EQ(blind.reason(), "load_timeout");
  EXPECT_EQ(blind.detail(), "the kernel did not load the probes within 10 s");
  EXPECT_EQ(blind.blindness_code(), "load_timeout");
  const v1::Verdict draining = VerdictToProto(BlindSnapshot(State::kDraining));
  EXPECT_EQ(draining.state(), v1::DRAINING);
  EXPECT_EQ(draining.reason(), "because");
  EXPECT_EQ(draining.blindness_code(), "load_timeout");
}

TEST(ToProto, TheCauseIsThereWhereItIsKnown) {
  Snapshot s;
  s.verdict.state = State::kFailing;
  s.source.kind = "bpf";
  EXPECT_FALSE(VerdictToProto(s).has_cause());
  s.verdict.cause = {"mtu", true, "a text", "a remediation", {"one", "two"}};
  const v1::Verdict v = VerdictToProto(s);
  EXPECT_EQ(v.cause().code(), "mtu");
  EXPECT_TRUE(v.cause().measured());
  EXPECT_EQ(v.cause().text(), "a text");
  EXPECT_EQ(v.cause().remediation(), "a remediation");
  ASSERT_EQ(v.cause().chain_size(), 2);
  EXPECT_EQ(v.cause().chain(1), "two");
}

TEST(ToProto, ATransitionKeepsItsCauseAcrossARestart) {
  Transition t;
  t.state = State::kFailing;
  t.cause = {"mtu", false, "a text", "a remediation", {"one"}};
  const auto back = FromProto(ToProto(t));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->cause, t.cause);
  EXPECT_EQ(ToVerdict(t).cause().code(), "mtu");
  EXPECT_FALSE(ToProto(Transition{}).has_cause());
}

TEST(ToProto, SteeringIsThereWhereItIsConfigured) {
  Snapshot s = SnapshotOf(State::kFailing);
  EXPECT_FALSE(VerdictToProto(s).has_steering());
  s.steering.state = steer::SteerState::kHeldBack;
  s.steering.text = "too few";
  s.steering.since = std::chrono::system_clock::from_time_t(1700000000);
  s.steering.node_id = "ND_x";
  s.steering.region = "chi";
  s.steering.nodes = 10, s.steering.left = 6, s.steering.needed = 7;
  s.steering.heartbeats = 1, s.steering.rewrites = 2, s.steering.overtaken = 3, s.steering.errors = 4;
  s.steering.notified = true;
  const v1::Steering out = VerdictToProto(s).steering();
  EXPECT_EQ(out.ShortDebugString(),
            "state: \"held_back\" text: \"too few\" since { seconds: 1700000000 } node_id: \"ND_x\" region: "
            "\"chi\" "
            "nodes: 10 left: 6 needed: 7 heartbeats: 1 rewrites: 2 overtaken: 3 errors: 4 notified: true");
  v1::Info info;
  FillInfo(s, &info);
  EXPECT_EQ(info.steering().state(), "held_back");
}

}  // namespace
}  // namespace candor
