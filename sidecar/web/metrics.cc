// SPDX-License-Identifier: Apache-2.0
#include "web/metrics.h"

namespace candor::web {

void AddTraffic(const Traffic& traffic, Exposition& out) {
  const auto each = [&](uint64_t ConnectionCounts::*figure) {
    out.Value(traffic.http.*figure, {{"port", "http"}})
        .Value(traffic.agent.*figure, {{"port", "haproxy_agent"}});
  };
  out.Gauge("candor_web_connections_open", "Open connections to the HTTP and HAProxy agent ports.");
  each(&ConnectionCounts::open);
  out.Counter("candor_web_connections_total", "Connections accepted.");
  each(&ConnectionCounts::accepted);
  out.Counter("candor_web_connections_evicted_total", "Connections closed for new ones at the limit.");
  each(&ConnectionCounts::evicted);
  out.Counter("candor_web_connections_timed_out_total", "Connections closed at a timeout.");
  each(&ConnectionCounts::timed_out);
  out.Counter("candor_web_accept_failures_total", "Failures of accept(2) for want of descriptors or memory.");
  each(&ConnectionCounts::accept_failures);
  out.Counter("candor_http_requests_total", "HTTP requests by path and status.");
  for (const auto& [key, n] : traffic.requests) {
    out.Value(n, {{"path", key.first}, {"code", std::to_string(key.second)}});
  }
}

void AddSteering(const steer::SteerStatus& s, Exposition& out) {
  out.Gauge("candor_steer", "Steering of the LiveKit cluster: 1 for the current state.")
      .OneOf("state", steer::kSteerStateNames, Name(s.state));
  if (s.state == steer::SteerState::kOff) return;
  out.Gauge(
         "candor_steer_nodes",
         "Fresh nodes of the region at the last look before steering: all, left without this node, needed.")
      .Value(uint64_t{s.nodes}, {{"kind", "all"}})
      .Value(uint64_t{s.left}, {{"kind", "left"}})
      .Value(uint64_t{s.needed}, {{"kind", "needed"}});
  out.Counter("candor_steer_heartbeats_total", "LiveKit's heartbeats seen while not serving.")
      .Value(s.heartbeats);
  out.Counter("candor_steer_rewrites_total", "Rewrites of this node's row.").Value(s.rewrites);
  out.Counter("candor_steer_overtaken_total", "Rewrites that a heartbeat was faster than.")
      .Value(s.overtaken);
  out.Counter("candor_steer_redis_errors_total", "Calls of Redis that failed.").Value(s.errors);
}

void AddProcess(const MetricsInput& input, Exposition& out) {
  out.Gauge("candor_build_info", "Version of the running candord.").Value(1.0, {{"version", input.version}});
  out.Gauge("candor_pipeline_tick_age_seconds", "Time since the pipeline's last tick; above 2 it is stalled.")
      .Value(input.since_tick);
  const double started = std::chrono::duration<double>(input.started_at.time_since_epoch()).count();
  out.Gauge("process_start_time_seconds", "Start time of candord; time() minus this is its uptime.")
      .Value(started);
  if (!input.cost) return;
  const ProcessCost& cost = *input.cost;
  out.Counter("process_cpu_seconds_total", "User and system CPU time of candord.").Value(cost.cpu_seconds);
  out.Gauge("process_resident_memory_bytes", "Resident memory of candord.").Value(cost.resident_bytes);
  out.Gauge("process_virtual_memory_bytes", "Virtual memory of candord.").Value(cost.virtual_bytes);
  out.Gauge("process_threads", "Threads of candord.").Value(cost.threads);
  out.Gauge("process_open_fds", "Open file descriptors of candord.").Value(cost.open_fds);
  out.Gauge("process_max_fds", "Limit of file descriptors of candord.").Value(cost.max_fds);
}

std::string MetricsText(const MetricsInput& input) {
  Exposition out;
  AddVerdict(input.snapshot, out);
  AddServers(input.snapshot, out);
  AddSteering(input.snapshot.steering, out);
  AddAttempts(input.snapshot.counts, out);
  AddSensor(input.snapshot.source, out);
  AddTraffic(input.traffic, out);
  AddProcess(input, out);
  return out.Text();
}

}  // namespace candor::web
