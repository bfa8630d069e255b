// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void AddDetector(pb::Verdict& v, const char* name, double score, double baseline, bool prevents) {
  pb::Detector* detector = v.add_detectors();
  detector->set_name(name);
  detector->set_score(score);
  detector->set_threshold(10);
  detector->set_baseline_failure_rate(baseline);
  detector->set_prevents(prevents);
}

void SetFunnel(pb::Funnel& f) {
  f.set_offered(1204331);
  f.set_acknowledged(1180002);
  f.set_active(1120000);
  f.set_stalled_none(1);
  f.set_stalled_node(12);
  f.set_stalled_peer(8);
  f.set_stalled_path(3);
  f.set_left(30);
  f.set_refused(2);
  f.set_unanswered(24);
  f.set_early_drop(4);
  f.set_replaced(5);
  f.set_evicted(6);
  f.set_open_offered(7);
  f.set_open_answered(9);
  f.set_open_nominated(10);
  f.set_open_secured(11);
  f.set_open_active(312);
}

}  // namespace

google::protobuf::Timestamp Before(milliseconds ago) {
  const auto at = (kNow - ago).time_since_epoch();
  const auto whole = std::chrono::floor<seconds>(at);
  google::protobuf::Timestamp t;
  t.set_seconds(whole.count());
  t.set_nanos(static_cast<int32_t>((at - whole).count()));
  return t;
}

pb::Verdict HealthyVerdict() {
  pb::Verdict v;
  v.set_sequence(7);
  v.set_state(pb::HEALTHY);
  v.set_reason("ok");
  v.set_detail("61 attempts became active in the last 5 min");
  *v.mutable_since() = Before(minutes(185));
  *v.mutable_judged_at() = Before(milliseconds(250));
  v.set_serving(true);
  v.mutable_self()->set_answer(pb::SelfReport::OK);
  v.mutable_self()->set_detail("HTTP 200");
  SetFunnel(*v.mutable_funnel());
  return v;
}

pb::Verdict FailingVerdict() {
  pb::Verdict v = HealthyVerdict();
  v.set_sequence(8);
  v.set_state(pb::FAILING);
  v.set_reason("waiting_on_node");
  v.set_detail("12 of 14 attempts wait for the node's next packet");
  v.set_remediation("Drain the node and look at the media server's egress.");
  *v.mutable_since() = Before(seconds(252));
  v.set_serving(false);
  v.set_detector("waiting_on_node");
  v.set_stuck_phase(pb::SECURED);
  v.set_score(12.4);
  v.set_threshold(10);
  v.set_baseline_failure_rate(0.005);
  v.set_counted(14);
  v.set_failed(12);
  v.set_networks(7);
  v.mutable_window()->set_seconds(35);
  v.set_waiting_on_node(12);
  v.set_severity(0.86);
  v.mutable_clears_in()->set_seconds(26);
  pb::Attempt example = StalledAttempt();
  example.set_weight(3.25);
  *v.add_examples() = example;
  AddDetector(v, "waiting_on_node", 12.4, 0.005, true);
  AddDetector(v, "never_active", 5, 0.03, true);
  AddDetector(v, "slow_setup", 0, 0.01, false);
  v.set_ignored_retry(3);
  v.set_ignored_capped(1);
  return v;
}

pb::Verdict OverriddenVerdict() {
  pb::Verdict v = FailingVerdict();
  v.set_state(pb::DRAINING);
  v.set_without_overrides(pb::FAILING);
  v.mutable_drain()->set_reason("kernel update");
  v.mutable_drain()->set_by("root (uid 0, pid 7)");
  *v.mutable_drain()->mutable_since() = Before(std::chrono::minutes(2));
  v.mutable_state_override()->set_state(pb::HEALTHY);
  v.mutable_state_override()->set_reason(kHostile);
  v.mutable_state_override()->set_by("ops");
  *v.mutable_state_override()->mutable_until() = Before(-std::chrono::minutes(5));
  return v;
}

pb::Verdict BlindVerdict() {
  pb::Verdict v = HealthyVerdict();
  v.set_state(pb::BLIND);
  v.set_reason("load_timeout");
  v.set_detail("loading the probes has not returned for 30 s");
  v.set_blindness_code("load_timeout");
  v.set_blindness_text("loading the probes has not returned; reboot the host");
  return v;
}

pb::Info BpfInfo() {
  pb::Info info;
  info.set_version("0.1.0");
  *info.mutable_started_at() = Before(minutes(185));
  info.set_source("bpf");
  info.set_source_target("/sys/fs/cgroup");
  info.set_flows_open(349);
  info.set_flows_max(65536);
  info.mutable_sockets()->set_namespaces(1);
  info.mutable_sockets()->set_received(5526);
  info.mutable_sockets()->set_sent(5606);
  info.mutable_sockets()->mutable_drops();
  pb::Counter* packets = info.add_counters();
  packets->set_name("packets");
  packets->set_value(987654321);
  return info;
}

pb::Attempt StalledAttempt() {
  pb::Attempt a;
  a.set_id(4711);
  a.set_key("uFr4");
  a.set_local("192.0.2.10:7882");
  a.set_peer("203.0.113.9:51234");
  *a.mutable_first() = Before(seconds(75));
  a.set_phase(pb::SECURED);
  a.set_waiting_on(pb::WAITING_ON_NODE);
  a.set_outcome(pb::STALLED);
  a.set_acknowledged(true);
  a.set_peer_alive(true);
  a.set_flows(2);
  a.set_repeats(3);
  return a;
}

pb::Attempt ActiveAttempt() {
  pb::Attempt a;
  a.set_id(98);
  a.set_key("zz");
  a.set_local("192.0.2.10:7882");
  a.set_peer("[2001:db8::7]:4000");
  *a.mutable_first() = Before(minutes(180));
  *a.mutable_active() = Before(minutes(180) - milliseconds(310));
  a.set_phase(pb::ACTIVE);
  a.set_outcome(pb::BECAME_ACTIVE);
  a.set_acknowledged(true);
  a.set_flows(1);
  return a;
}

}  // namespace candor::cli
