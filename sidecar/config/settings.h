// SPDX-License-Identifier: Apache-2.0
//
// The one list of settings: name, place in Config, bounds and meaning. Reading, printing, comparing and
// overriding visit this list.
//
// A visitor has Field(key, value, bounds, help), List(key, values, check, help), Section(key, help, walk),
// where walk(visitor) visits what is inside, and Items(key, values, help, walk), a list of sections, where
// walk(visitor, value) visits what is inside one.
// Tested in tests/config/print_test.cc.
#pragma once

#include <limits>

#include "config/checks.h"
#include "config/config.h"
#include "config/steer_settings.h"
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
          "the state is BLIND when loading the probes takes longer than this");
  v.Field("pin", s.pin, AutoPath{},
          "probes that stay when candord is killed: /folder of a BPF file system | off | auto: "
          "/sys/fs/bpf/candor");
  v.Field("keep_pins", s.keep_pins, Any{}, "keep these probes after a clean stop too, for the next candord");
  v.Field("socket_evidence", s.socket_evidence, Any{},
          "count drops and send errors of the media server's UDP sockets as evidence (BPF only)");
  v.Field("drop_reasons", s.drop_reasons, Any{},
          "count the reasons of these drops and read whose attempt was lost, by a program on the tracepoint "
          "kfree_skb (with socket_evidence)");
  v.Field("session_counts", s.session_counts, Any{},
          "count the TCP connections that the media server accepts, by a program on the tracepoint "
          "inet_sock_set_state (with socket_evidence)");
}

template <class V>
void VisitProcess(V& v, ProcessConfig& p) {
  v.Field("user", p.user, Any{},
          "the user that candord changes to when root starts it; empty: it stays root, without capabilities");
  v.Field("reattach", p.reattach, Any{},
          "keep CAP_NET_ADMIN on one thread, to attach the probes again when their cgroup is recreated");
  v.Field("seccomp", p.seccomp, Any{}, "allow only the system calls that candord needs");
}

template <class V>
void VisitJudging(V& v, Config& c) {
  v.Field("false_alarms_per_month", c.judge.false_alarms_per_month, Between<double>{0.001, 1000},
          "false alarms that are accepted in 30 days");
  v.Field("smallest_share", c.judge.smallest_share, Between<double>{0.01, 0.9},
          "smallest share of failing attempts to detect");
  v.List("trusted_sources", c.judge.trusted_sources, Any{},
         "addresses or CIDRs that count per attempt: SIP trunks, TURN relays, large NATs");
  v.Field("role", c.judge.role, Any{},
          "what the media servers do that have no role of their own (servers): learned | sfu | recorder | "
          "voicemail | relay");
  v.Section("network_bits", "what counts as one client network", [&](auto& in) {
    in.Field("v4", c.judge.network_bits_v4, Between<int>{8, 32}, "of an IPv4 address");
    in.Field("v6", c.judge.network_bits_v6, Between<int>{16, 128}, "of an IPv6 address");
  });
  v.List("nat64_prefixes", c.judge.nat64_prefixes, Nat64Prefix{},
         "of NAT64 translators, beside 64:ff9b::/96: their clients count by the IPv4 address inside");
  v.Field("deadline", c.attempt.deadline, Within{seconds(2), seconds(120)},
          "an attempt pending for this long has failed");
  v.Field("response_timeout", c.attempt.response_timeout, Within{milliseconds(200), seconds(30)},
          "an attempt has stalled when its next packet is overdue for longer than this");
  v.Field("media_timeout", c.attempt.media_timeout, Within{milliseconds(200), seconds(60)},
          "the same for the first media or RTCP");
  v.Field("early_drop", c.attempt.early, Within{seconds(1), hours(1)},
          "falling silent this soon after active is a failure");
  v.Field("idle", c.attempt.idle, Within{seconds(5), hours(24)},
          "a flow without packets for this long is dropped");
  v.Field("max_attempts", c.attempt.max_attempts, Between<size_t>{16, 16777216}, "attempts held at once");
  v.Field("history", c.attempt.history, Between<size_t>{0, 100000}, "ended attempts that can be listed");
  v.Field("fresh", c.judge.fresh, Within{seconds(10), hours(24)},
          "evidence older than this leaves the state UNKNOWN");
}

template <class V>
void VisitServers(V& v, ServersOptions& s) {
  v.Items(
      "servers", s.known,
      "media servers of the node by name; those that are not listed are found by their cgroup. Each has a "
      "name "
      "and one of: cgroup (a path from the root of the tree, with * and ?), unit (a component of the path), "
      "process (its name), ports (local UDP ports); role: learned | sfu | recorder | voicemail | relay; "
      "drives_node: with node_verdict: named",
      [](auto& in, ServerSetting& server) {
        in.Field("name", server.name, ServerName{}, "");
        in.Field("cgroup", server.cgroup, FilePath{}, "");
        in.Field("unit", server.unit, Any{}, "");
        in.Field("process", server.process, Any{}, "");
        in.Field("ports", server.ports, Any{}, "");
        in.Field("role", server.role, Any{}, "");
        in.Field("drives_node", server.drives_node, Any{}, "");
      });
  v.Field(
      "node_verdict", s.rule, Any{},
      "the servers whose failure makes the node FAILING; that of others makes it DEGRADED: worst_by_share "
      "(those with server_share of its attempts) | worst (all) | named (those with drives_node)");
  v.Field("server_share", s.share, Between<double>{0.001, 1}, "of the node's acknowledged attempts lately");
}

template <class V>
void VisitServing(V& v, Config& c) {
  v.Section(
      "self_report", "the node's own health report; the answer is the worse of it and the verdict",
      [&](auto& in) {
        in.Field("http", c.self_report.http, HttpUrl{}, "URL that answers 2xx while the node is well");
        in.Field("grpc", c.self_report.grpc, GrpcTarget{},
                 "HOST:PORT or unix:/path that speaks grpc.health.v1");
        in.Field("service", c.self_report.service, Any{}, "name of the service, with grpc");
        in.Field("prometheus", c.self_report.prometheus, HttpUrl{},
                 "URL of LiveKit's metrics (its prometheus.port), whose counters of joins are evidence; read "
                 "every interval, but not more often than every 1 s nor less often than every 5 s; without "
                 "credentials: the page must be open, to this host alone");
        in.Field("interval", c.self_report.interval, Within{milliseconds(100), hours(1)},
                 "between two requests");
        in.Field("timeout", c.self_report.timeout, Within{milliseconds(10), seconds(60)},
                 "no answer within this counts as not serving");
        in.Field("push", c.self_report.push, Any{},
                 "peers that may push reports (ReportSelf): off | unix | loopback; with http or grpc "
                 "the worse one counts");
        in.Field("push_timeout", c.self_report.push_timeout, Within{seconds(1), hours(24)},
                 "a pushed report older than this counts as not serving");
      });
  v.Section("listen", "the addresses that candord serves", [&](auto& in) {
    in.List("grpc", c.listen_grpc, ListenAddress{}, "HOST:PORT or unix:/path, each");
    in.List("health_only", c.listen_health_only, ListenAddress{},
            "the same with grpc.health.v1 alone and always plaintext, for kubelet");
    VisitWebListen(in, c.web);
  });
  VisitWeb(v, c.web);
  v.Section(
      "tls", "of listen.grpc's TCP addresses; the files are read again when they change", [&](auto& in) {
        in.Field("certificate", c.tls.certificate, FilePath{},
                 "PEM file, the server's own certificate first");
        in.Field("key", c.tls.key, FilePath{}, "PEM file of its private key, without a passphrase");
        in.Field("client_ca", c.tls.client_ca, FilePath{}, "PEM file; clients must show a certificate of it");
      });
  v.Section("admin", "drain, override and other commands of operators, on a unix socket only", [&](auto& in) {
    in.Field("socket", c.admin_socket, AutoPath{},
             "/path | off | auto: $RUNTIME_DIRECTORY/admin.sock, else /run/candor/admin.sock where possible");
    in.Field("longest_override", c.longest_override, Within{seconds(1), hours(720)},
             "longest duration of an override");
  });
  v.List("on_transition", c.on_transition.command, Any{},
         "program and arguments, run at every change with the verdict as JSON on its stdin; no shell; the "
         "first one needs a restart, unless seccomp is false");
  v.Field("on_transition_timeout", c.on_transition.timeout, Within{milliseconds(100), hours(1)},
          "after this it is killed");
  v.Field("state_file", c.state_file, AutoPath{},
          "history, overrides and baseline across restarts: /path | off | auto: $STATE_DIRECTORY/state, else "
          "/var/lib/candor/state");
  v.Field("blind_policy", c.blind_policy, Any{}, "the answer while BLIND: follow_self | not_serving");
  v.Field("log_level", c.log_level, Any{}, "trace | debug | info | warn | error | off");
}

template <class V>
void VisitLimits(V& v, LimitsConfig& l) {
  v.Section("limits", "bounds for clients", [&](auto& in) {
    in.Field("request_bytes", l.request_bytes, Between<int>{1024, 4194304}, "of one gRPC request");
    in.Field("page", l.page, Between<uint32_t>{1, 10000}, "entries of one page of a list");
    in.Field("watches", l.watches, Between<size_t>{1, 1000000}, "streams open at once, some 20 kB each");
    in.Field("watches_per_peer", l.watches_per_peer, Between<size_t>{1, 1000000}, "of these by one address");
    in.Field("lists", l.lists, Between<size_t>{1, 100000}, "attempts, and flows, that can be listed");
    in.Field("transitions", l.transitions, Between<size_t>{1, 100000}, "transitions that can be listed");
  });
}

template <class V>
void VisitSettings(V& v, Config& c) {
  VisitSource(v, c.source);
  VisitProcess(v, c.process);
  VisitJudging(v, c);
  VisitServers(v, c.servers);
  VisitServing(v, c);
  VisitSteer(v, c.steer);
  VisitLimits(v, c.limits);
}

}  // namespace candor::config
