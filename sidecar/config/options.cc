// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/source/make_source_test.cc.
#include <algorithm>

#include "config/config.h"

namespace candor {

ProbeOptions ProbeOptionsOf(const Config& config) {
  ProbeOptions o;
  o.cgroup = config.source.cgroup;
  o.flows_max = config.source.max_flows;
  o.port_min = config.source.ports.min;
  o.port_max = config.source.ports.max;
  o.load_deadline = config.source.load_deadline;
  if (config.source.pin == "auto") o.pin = "/sys/fs/bpf/candor";
  if (config.source.pin.starts_with('/')) o.pin = config.source.pin;
  o.keep_pins = config.source.keep_pins;
  o.socket_evidence = config.source.socket_evidence;
  o.drop_reasons = config.source.drop_reasons;
  o.session_counts = config.source.session_counts;
  return o;
}

SelfReportOptions SelfReportOptionsOf(const Config& config) {
  const SelfReportConfig& from = config.self_report;
  SelfReportOptions o;
  if (!from.http.empty()) {
    o.kind = SelfReportOptions::Kind::kHttp;
    o.target = from.http;
  } else if (!from.grpc.empty()) {
    o.kind = SelfReportOptions::Kind::kGrpc;
    o.target = from.grpc;
    o.service = from.service;
  }
  o.interval = from.interval;
  o.timeout = from.timeout;
  return o;
}

// A page of metrics costs its server more than a health check, and what 10 s lie between is no evidence
// (reported_joins_detector.cc): the longest interval and the longest reading together stay below that.
JoinsPollerOptions JoinsPollerOptionsOf(const Config& config) {
  using std::chrono::seconds;
  return {std::clamp<Duration>(config.self_report.interval, seconds(1), seconds(5)),
          std::min<Duration>(config.self_report.timeout, seconds(4))};
}

ServeOptions ServeOptionsOf(const Config& config) {
  ServeOptions o;
  o.grpc_listen = config.listen_grpc;
  o.health_only_listen = config.listen_health_only;
  if (config.admin_socket.starts_with('/')) o.admin_socket = config.admin_socket;
  o.tls = config.tls;
  o.longest_override = config.longest_override;
  o.max_request_bytes = config.limits.request_bytes;
  o.largest_page = config.limits.page;
  o.watches = config.limits.watches;
  o.watches_per_peer = config.limits.watches_per_peer;
  return o;
}

}  // namespace candor
