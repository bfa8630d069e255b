// SPDX-License-Identifier: Apache-2.0
#include "web/metrics.h"

namespace candor::web {

void AddTraffic(const Traffic& traffic, Exposition& out) {
  const auto each = [&](uint64_t ConnectionCounts::*figure) {
    out.Value(traffic.http.*figure, {{"port", "http"}})
        .Value(traffic.agent.*figure, {{"port", "haproxy_agent"}});
  };
  out.Gauge("candor_web_connections_open", "Connections to Candor's HTTP and HAProxy agent ports.");
  each(&ConnectionCounts::open);
  out.Counter("candor_web_connections_total", "Connections taken.");
  each(&ConnectionCounts::accepted);
  out.Counter("candor_web_connections_evicted_total", "Connections that made room for others at the bound.");
  each(&ConnectionCounts::evicted);
  out.Counter("candor_web_connections_timed_out_total", "Connections closed for being too slow.");
  each(&ConnectionCounts::timed_out);
  out.Counter("candor_web_accept_failures_total", "Connections that the system could not give us.");
  each(&ConnectionCounts::accept_failures);
  out.Counter("candor_http_requests_total", "HTTP requests by path and status.");
  for (const auto& [what, n] : traffic.requests) {
    out.Value(n, {{"path", what.first}, {"code", std::to_string(what.second)}});
  }
}

void AddProcess(const MetricsInput& input, Exposition& out) {
  out.Gauge("candor_build_info", "The version that runs.").Value(1.0, {{"version", input.version}});
  out.Gauge("candor_pipeline_tick_age_seconds", "Since the pipeline last judged; more than 2 is a stall.")
      .Value(input.since_tick);
  const double started = std::chrono::duration<double>(input.started_at.time_since_epoch()).count();
  out.Gauge("process_start_time_seconds", "When Candor started; time() less this is its uptime.")
      .Value(started);
  if (!input.cost) return;
  const ProcessCost& cost = *input.cost;
  out.Counter("process_cpu_seconds_total", "User and system time that Candor has used.")
      .Value(cost.cpu_seconds);
  out.Gauge("process_resident_memory_bytes", "Memory of Candor in RAM.").Value(cost.resident_bytes);
  out.Gauge("process_virtual_memory_bytes", "Address space of Candor.").Value(cost.virtual_bytes);
  out.Gauge("process_threads", "Threads of Candor.").Value(cost.threads);
  out.Gauge("process_open_fds", "File descriptors that Candor holds.").Value(cost.open_fds);
  out.Gauge("process_max_fds", "File descriptors that Candor may hold.").Value(cost.max_fds);
}

std::string MetricsText(const MetricsInput& input) {
  Exposition out;
  AddVerdict(input.snapshot, out);
  AddAttempts(input.snapshot.counts, out);
  AddSensor(input.snapshot.source, out);
  AddTraffic(input.traffic, out);
  AddProcess(input, out);
  return out.Text();
}

}  // namespace candor::web
