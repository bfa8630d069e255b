// SPDX-License-Identifier: Apache-2.0
//
// Every setting, once: its name, its place in Config, its bounds and what it means. Reading, printing and
// overriding walk this one list, so they cannot drift apart.
//
// A visitor has Field(key, value, bounds, help), List(key, values, check, help) and
// Section(key, help, walk), where walk(visitor) visits what is inside.
#pragma once

#include <limits>

#include "config/checks.h"
#include "config/config.h"
#include "config/web_settings.h"

namespace candor::config {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

template <class V>
void VisitSource(V& v, SourceConfig& s) {
  v.Field("source", s.choice, Any{}, "auto (BPF where it may be loaded, else a capture) | bpf | pcap:IFACE");
  v.Field("cgroup", s.cgroup, CgroupPath{},
          "the media server's cgroup, or auto: the root of the cgroup v2 tree");
  v.Field("ports", s.ports, Any{}, "local UDP ports that are followed");
  v.Field("max_flows", s.max_flows, Between<uint32_t>{64, 16777216}, "UDP 5-tuples followed at once");
  v.Field("load_deadline", s.load_deadline, Within{milliseconds(100), hours(1)},
          "loading the probes may take this long before Candor calls itself blind for it");
}

template <class V>
void VisitJudging(V& v, Config& c) {
  v.Field("false_alarms_per_month", c.judge.false_alarms_per_month, Between<double>{0.001, 1000},
          "false alarms you accept in 30 days");
  v.Field("smallest_share", c.judge.smallest_share, Between<double>{0.01, 0.9},
          "smallest share of failing attempts worth catching");
  v.List("trusted_sources", c.judge.trusted_sources, Any{},
         "addresses or CIDRs that count per attempt: SIP trunks, TURN relays, a big NAT");
  v.Section("network_bits", "what counts as one client network", [&](auto& in) {
    in.Field("v4", c.judge.network_bits_v4, Between<int>{8, 32}, "of an IPv4 address");
    in.Field("v6", c.judge.network_bits_v6, Between<int>{16, 128}, "of an IPv6 address");
  });
  v.Field("deadline", c.attempt.deadline, Within{seconds(2), seconds(120)},
          "an attempt pending for this long has failed");
  v.Field("patience", c.attempt.patience, Within{milliseconds(200), seconds(30)},
          "a side that owes a packet for longer than this has stalled");
  v.Field("media_patience", c.attempt.media_patience, Within{milliseconds(200), seconds(60)},
          "the same for the first media or RTCP");
  v.Field("early_drop", c.attempt.early, Within{seconds(1), hours(1)},
          "falling silent this soon after active is a failure");
  v.Field("idle", c.attempt.idle, Within{seconds(5), hours(24)}, "a flow silent for this long is forgotten");
  v.Field("max_attempts", c.attempt.max_attempts, Between<size_t>{16, 16777216}, "attempts held at once");
  v.Field("history", c.attempt.history, Between<size_t>{0, 100000}, "ended attempts kept for people");
  v.Field("fresh", c.judge.fresh, Within{seconds(10), hours(24)},
          "evidence older than this leaves the state UNKNOWN");
}

template <class V>
void VisitServing(V& v, Config& c) {
  v.Section("self_report", "what the node says of itself; it is overridden downward only", [&](auto& in) {
    in.Field("http", c.self_report.http, HttpUrl{}, "URL that answers 2xx while the node says it is well");
    in.Field("grpc", c.self_report.grpc, GrpcTarget{}, "HOST:PORT or unix:/path that speaks grpc.health.v1");
    in.Field("service", c.self_report.service, Any{}, "the service asked for, with grpc");
    in.Field("interval", c.self_report.interval, Within{milliseconds(100), hours(1)},
             "from one question to the next");
    in.Field("timeout", c.self_report.timeout, Within{milliseconds(10), seconds(60)},
             "no answer by then is a no");
  });
  v.Section("listen", "where Candor answers", [&](auto& in) {
    in.List("grpc", c.listen_grpc, ListenAddress{}, "HOST:PORT or unix:/path, each");
    VisitWebListen(in, c.web);
  });
  VisitWeb(v, c.web);
  v.Field("blind_policy", c.blind_policy, Any{}, "the answer while blind: follow_self | not_serving");
  v.Field("log_level", c.log_level, Any{}, "trace | debug | info | warn | error | off");
}

template <class V>
void VisitSettings(V& v, Config& c) {
  VisitSource(v, c.source);
  VisitJudging(v, c);
  VisitServing(v, c);
}

}  // namespace candor::config
