// SPDX-License-Identifier: Apache-2.0
#include "serve/to_proto.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>

#include "status/server_view.h"

namespace candor {
namespace {

using google::protobuf::util::TimeUtil;
using std::chrono::nanoseconds;

// Leaves the timestamp absent for Time{} ("never").
template <class MutableStamp>
void SetTime(Time t, nanoseconds to_wall, MutableStamp mutable_stamp) {
  if (t == Time{}) return;
  *mutable_stamp() = TimeUtil::NanosecondsToTimestamp((t.time_since_epoch() + to_wall).count());
}

void FillFunnel(const AttemptCounts& c, v1::Funnel* f) {
  f->set_offered(c.offered);
  f->set_acknowledged(c.acknowledged);
  f->set_active(c.active);
  f->set_stalled_none(c.stalled[CANDOR_WAITING_ON_NONE]);
  f->set_stalled_node(c.stalled[CANDOR_WAITING_ON_NODE]);
  f->set_stalled_peer(c.stalled[CANDOR_WAITING_ON_PEER]);
  f->set_stalled_path(c.stalled[CANDOR_WAITING_ON_PATH]);
  f->set_left(c.left);
  f->set_refused(c.refused);
  f->set_unanswered(c.unanswered);
  f->set_early_drop(c.early_drop);
  f->set_replaced(c.replaced);
  f->set_evicted(c.evicted);
  f->set_lost_here(c.AllLostHere());
  f->set_open_offered(c.by_phase[CANDOR_PHASE_OFFERED]);
  f->set_open_answered(c.by_phase[CANDOR_PHASE_ANSWERED]);
  f->set_open_nominated(c.by_phase[CANDOR_PHASE_NOMINATED]);
  f->set_open_secured(c.by_phase[CANDOR_PHASE_SECURED]);
  f->set_open_active(c.by_phase[CANDOR_PHASE_ACTIVE]);
}

}  // namespace

v1::Cause ToProto(const Cause& c) {
  v1::Cause out;
  out.set_code(c.code);
  out.set_measured(c.measured);
  out.set_text(c.text);
  out.set_remediation(c.remediation);
  for (const std::string& measurement : c.chain) out.add_chain(measurement);
  return out;
}

namespace {

void FillDecision(const Verdict& v, nanoseconds to_wall, v1::Verdict* out) {
  out->set_state(ToProto(v.state));
  out->set_reason(v.reason);
  out->set_detail(v.detail);
  out->set_remediation(v.remediation);
  if (!v.cause.empty()) *out->mutable_cause() = ToProto(v.cause);
  SetTime(v.since, to_wall, [&] { return out->mutable_since(); });
  SetTime(v.at, to_wall, [&] { return out->mutable_judged_at(); });
  out->set_detector(v.detector);
  out->set_stuck_phase(ToProto(v.stuck_phase));
  out->set_score(v.score);
  out->set_threshold(v.threshold);
  out->set_baseline_failure_rate(v.baseline_failure_rate);
  out->set_severity(v.severity);
  *out->mutable_clears_in() = TimeUtil::NanosecondsToDuration(v.clears_in.count());
}

void FillEvidence(const Verdict& v, v1::Verdict* out) {
  out->set_counted(v.counted);
  out->set_failed(v.failed);
  out->set_networks(v.networks);
  *out->mutable_window() = TimeUtil::NanosecondsToDuration(v.window.count());
  out->set_waiting_on_none(v.waiting_on[CANDOR_WAITING_ON_NONE]);
  out->set_waiting_on_node(v.waiting_on[CANDOR_WAITING_ON_NODE]);
  out->set_waiting_on_peer(v.waiting_on[CANDOR_WAITING_ON_PEER]);
  out->set_waiting_on_path(v.waiting_on[CANDOR_WAITING_ON_PATH]);
  out->set_ignored_retry(v.ignored_retry);
  out->set_ignored_unacknowledged(v.ignored_unacknowledged);
  out->set_ignored_capped(v.ignored_capped);
  for (const DetectorStatus& d : v.detectors) {
    v1::Detector* detector = out->add_detectors();
    detector->set_name(d.name);
    detector->set_score(d.score);
    detector->set_threshold(d.threshold);
    detector->set_baseline_failure_rate(d.baseline_failure_rate);
    detector->set_prevents(d.prevents);
  }
  for (const SocketLoss& s : v.sockets) {
    v1::SocketLoss* loss = out->add_sockets();
    loss->set_name(s.detector);
    loss->set_lost(s.lost);
    loss->set_tried(s.tried);
    loss->set_seconds(s.seconds);
    loss->set_bad_seconds(s.bad_seconds);
    *loss->mutable_window() = TimeUtil::NanosecondsToDuration(s.window.count());
    if (s.cause != CANDOR_DROP_NONE) loss->set_cause(std::string(DropName(s.cause)));
  }
}

void FillArrivals(const Verdict& v, nanoseconds to_wall, v1::Verdict* out) {
  v1::Arrivals* a = out->mutable_arrivals();
  SetTime(v.arrivals.last, to_wall, [&] { return a->mutable_last_attempt(); });
  a->set_usual_per_second(v.arrivals.usual_per_second);
  a->set_expected(v.arrivals.expected);
  a->set_limit(v.arrivals.limit);
  v1::Sessions* s = out->mutable_sessions();
  s->set_unavailable(v.joins.unknown);
  s->set_port(v.joins.port);
  s->set_per_attempt(v.joins.per_attempt);
  s->set_accepted(v.joins.accepted);
  s->set_begun(v.joins.begun);
  s->set_expected(v.joins.expected);
  *s->mutable_window() = TimeUtil::NanosecondsToDuration(v.joins.window.count());
  s->set_score(v.joins.score);
  s->set_threshold(v.joins.threshold);
}

void FillReportedJoins(const ReportedJoinEvidence& r, v1::ReportedJoins* out) {
  out->set_unavailable(r.unknown);
  out->set_signalled(r.counters.signalled);
  out->set_begun(r.counters.begun);
  out->set_resumed(r.counters.resumed);
  out->set_up(r.counters.up);
  out->set_cancelled(r.counters.cancelled);
  out->set_usual_share(r.usual_share);
  out->set_usual_attempts(r.usual_attempts);
  out->set_window_begun(r.begun);
  out->set_window_up(r.up);
  out->set_window_attempts(r.attempts);
  out->set_window_expected(r.expected);
  *out->mutable_window() = TimeUtil::NanosecondsToDuration(r.window.count());
  out->set_score(r.score);
  out->set_socket_score(r.socket_score);
  out->set_threshold(r.threshold);
}

v1::DropEvidence DropsToProto(const DropEvidence& drops, nanoseconds to_wall) {
  v1::DropEvidence out;
  out.set_unavailable(drops.unavailable);
  for (const std::string& name : drops.unreported) out.add_unreported(name);
  out.set_unattributed(drops.unattributed);
  out.set_lost_read(drops.lost_read);
  out.set_lost_unread(drops.lost_unread);
  out.set_lost_cut(drops.lost_cut);
  ForEachDrop([&](candor_dir direction, candor_drop_reason r) {
    const uint64_t n = drops.sums.at(direction).at(r);
    if (n == 0) return;
    v1::DropReason* reason = out.add_reasons();
    reason->set_name(std::string(DropName(r)));
    reason->set_direction(std::string(DirectionName(direction)));
    reason->set_datagrams(n);
    SetTime(drops.last.at(direction).at(r), to_wall, [&] { return reason->mutable_last(); });
    reason->set_help(std::string(DropHelp(r)));
    reason->set_remediation(std::string(DropRemediation(r, direction)));
  });
  return out;
}

void FillSockets(const SocketEvidence& s, nanoseconds to_wall, v1::SocketEvidence* out) {
  out->set_unavailable(s.unavailable);
  out->set_namespaces(s.namespaces);
  out->set_received(s.counts.received);
  out->set_dropped_full(s.counts.dropped_full);
  out->set_dropped_memory(s.counts.dropped_memory);
  out->set_sent(s.counts.sent);
  out->set_unsent_full(s.counts.unsent_full);
  out->set_unsent_refused(s.counts.unsent_refused);
  *out->mutable_drops() = DropsToProto(s.drops, to_wall);
}

void FillSessions(const SessionCounts& s, v1::SessionEvidence* out) {
  out->set_unavailable(s.unavailable);
  for (const PortSessions& p : s.ports) {
    v1::PortSessions* port = out->add_ports();
    port->set_cgroup_id(p.cgroup_id);
    port->set_port(p.port);
    port->set_accepted(p.accepted);
  }
  out->set_accepted(s.accepted);
  out->set_uncounted(s.uncounted);
}

// What the state of each server is follows from the node's as well: blindness and overrides.
void FillServers(const Snapshot& s, v1::Verdict* out) {
  out->set_server(std::string(NameOfVerdict(s)));
  if (!s.server.empty()) return;
  for (const ServerStatus& each : s.servers) {
    const Verdict shown = OfServer(s, each, false).shown();
    v1::ServerSummary* server = out->add_servers();
    server->set_name(each.name);
    server->set_state(ToProto(shown.state));
    server->set_reason(shown.reason);
    server->set_detail(shown.detail);
    server->set_serving(each.serving);
    SetTime(shown.since, s.to_wall, [&] { return server->mutable_since(); });
    server->set_share(each.share);
    server->set_drives(each.drives);
    server->set_gone(each.gone);
    server->set_cgroup(each.cgroup);
    server->set_role(std::string(Name(each.role)));
    FillFunnel(each.counts, server->mutable_funnel());
  }
}

// Into a Verdict or an Info.
template <class Message>
void FillSteering(const steer::SteerStatus& s, Message* out) {
  if (s.state == steer::SteerState::kOff) return;
  v1::Steering* to = out->mutable_steering();
  to->set_state(std::string(Name(s.state)));
  to->set_text(s.text);
  const nanoseconds since = s.since.time_since_epoch();
  if (since.count() != 0) *to->mutable_since() = TimeUtil::NanosecondsToTimestamp(since.count());
  to->set_node_id(s.node_id);
  to->set_region(s.region);
  to->set_nodes(s.nodes);
  to->set_left(s.left);
  to->set_needed(s.needed);
  to->set_heartbeats(s.heartbeats);
  to->set_rewrites(s.rewrites);
  to->set_overtaken(s.overtaken);
  to->set_errors(s.errors);
  to->set_notified(s.notified);
}

void FillExamples(const Snapshot& s, v1::Verdict* out) {
  for (const Example& example : s.verdict.examples) {
    const auto found = std::find_if(s.attempts.begin(), s.attempts.end(),
                                    [&](const AttemptView& a) { return a.id == example.attempt_id; });
    v1::Attempt* attempt = out->add_examples();
    if (found != s.attempts.end()) *attempt = ToProto(*found, s);
    attempt->set_id(example.attempt_id);
    attempt->set_weight(example.weight);
  }
}

}  // namespace

v1::SelfReport ToProto(const SelfReport& r) {
  v1::SelfReport out;
  out.set_answer(ToProto(r.answer));
  out.set_target(r.target);
  out.set_detail(r.detail);
  const nanoseconds checked_at = r.checked_at.time_since_epoch();
  if (checked_at.count() != 0)
    *out.mutable_checked_at() = TimeUtil::NanosecondsToTimestamp(checked_at.count());
  return out;
}

v1::Attempt ToProto(const AttemptView& a, const Snapshot& s) {
  const nanoseconds to_wall = s.to_wall;
  v1::Attempt out;
  out.set_server(std::string(ServerNameById(s, a.server)));
  out.set_id(a.id);
  out.set_key(a.key);
  out.set_local(a.local.ToString());
  out.set_peer(a.peer.ToString());
  SetTime(a.first, to_wall, [&] { return out.mutable_first(); });
  SetTime(a.active, to_wall, [&] { return out.mutable_active(); });
  SetTime(a.ended, to_wall, [&] { return out.mutable_ended(); });
  SetTime(a.last_in, to_wall, [&] { return out.mutable_last_in(); });
  SetTime(a.last_out, to_wall, [&] { return out.mutable_last_out(); });
  out.set_phase(ToProto(a.phase));
  out.set_waiting_on(ToProto(a.waiting_on));
  out.set_outcome(ToProto(a.outcome));
  out.set_acknowledged(a.acknowledged);
  out.set_peer_alive(a.peer_alive);
  out.set_flows(a.flows);
  out.set_repeats(a.repeats);
  out.set_stun_error(a.stun_error);
  out.set_alert(a.alert);
  out.set_lost_reason(Text(a.lost));
  return out;
}

v1::Flow ToProto(const FlowView& f, const Snapshot& s) {
  const nanoseconds to_wall = s.to_wall;
  v1::Flow out;
  out.set_server(std::string(ServerNameById(s, f.server)));
  out.set_local(LocalOf(f.key).ToString());
  out.set_peer(RemoteOf(f.key).ToString());
  out.set_attempt_id(f.attempt_id);
  out.set_ufrag(UfragText(f.state));
  out.set_phase(ToProto(static_cast<Phase>(f.state.phase)));
  out.set_waiting_on(ToProto(static_cast<WaitingOn>(f.state.waiting_on)));
  SetTime(TimeFromNanos(f.state.first_ns), to_wall, [&] { return out.mutable_first(); });
  SetTime(TimeFromNanos(f.state.active_ns), to_wall, [&] { return out.mutable_active(); });
  SetTime(TimeFromNanos(f.state.last_in_ns), to_wall, [&] { return out.mutable_last_in(); });
  SetTime(TimeFromNanos(f.state.last_out_ns), to_wall, [&] { return out.mutable_last_out(); });
  out.set_checks_in(f.state.checks_in);
  out.set_checks_answered(f.state.checks_answered);
  out.set_repeats(f.state.repeats);
  out.set_media_in(f.state.media_packets[CANDOR_IN]);
  out.set_media_out(f.state.media_packets[CANDOR_OUT]);
  SetTime(f.one_way_since, to_wall, [&] { return out.mutable_one_way_since(); });
  return out;
}

v1::Verdict VerdictToProto(const Snapshot& s) {
  v1::Verdict out;
  const Verdict shown = s.shown();
  out.set_sequence(s.sequence);
  out.set_serving(s.serving);
  *out.mutable_self() = ToProto(s.self);
  FillDecision(shown, s.to_wall, &out);
  FillEvidence(shown, &out);
  FillArrivals(shown, s.to_wall, &out);
  if (s.metrics_page.configured) FillReportedJoins(shown.reported, out.mutable_reported_joins());
  out.set_sockets_unavailable(s.source.sockets.unavailable);
  *out.mutable_drops() = DropsToProto(s.source.sockets.drops, s.to_wall);
  FillExamples(s, &out);
  FillServers(s, &out);
  FillSteering(s.steering, &out);
  FillFunnel(s.counts, out.mutable_funnel());
  out.set_blindness_code(s.source.blindness.code);
  out.set_blindness_text(s.source.blindness.text);
  const Duration boot_to_wall = s.to_wall - s.to_boot;
  if (s.overrides.drain) *out.mutable_drain() = ToProto(*s.overrides.drain, boot_to_wall);
  if (s.overrides.state_override)
    *out.mutable_state_override() = ToProto(*s.overrides.state_override, boot_to_wall);
  out.set_without_overrides(ToProto(s.without_overrides().state));
  return out;
}

google::protobuf::Timestamp WallTimestamp(const Snapshot& s, Time now) {
  return TimeUtil::NanosecondsToTimestamp((now.time_since_epoch() + s.to_wall).count());
}

void FillInfo(const Snapshot& s, v1::Info* info) {
  info->set_source(s.source.kind);
  info->set_source_target(s.source.target);
  info->set_blindness_code(s.source.blindness.code);
  info->set_blindness_text(s.source.blindness.text);
  for (const std::string& note : s.source.notes) info->add_notes(note);
  for (const std::string& warning : s.source.warnings) info->add_warnings(warning);
  if (!s.metrics_page.unavailable.empty())
    info->add_warnings("self_report.prometheus: " + s.metrics_page.unavailable);
  for (size_t i = 0; i < s.source.counters.size(); ++i) {
    const auto id = static_cast<candor_counter>(i);
    v1::Counter* counter = info->add_counters();
    counter->set_name(std::string(CounterName(id)));
    counter->set_value(s.source.counters[i]);
    counter->set_help(std::string(CounterHelp(id)));
  }
  info->set_flows_open(s.source.flows_open);
  info->set_flows_max(s.source.flows_max);
  info->set_flows_evicted(s.source.flows_evicted);
  FillSockets(s.source.sockets, s.to_wall, info->mutable_sockets());
  FillSessions(s.source.sessions, info->mutable_sessions());
  FillSteering(s.steering, info);
}

}  // namespace candor
