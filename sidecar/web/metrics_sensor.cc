// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/web/metrics_test.cc.
#include <algorithm>
#include <array>

#include "status/effective_answer.h"
#include "web/metrics.h"

namespace candor::web {
namespace {

constexpr std::array<std::string_view, 8> kKinds = {"stun", "dtls", "media",   "channel_data",
                                                    "quic", "zrtp", "unknown", "inner"};
constexpr std::array<std::string_view, 8> kDrops = {"unparsed",
                                                    "stun_attributes_cut",
                                                    "stun_username_cut",
                                                    "fragments",
                                                    "extension_headers_cut",
                                                    "flows_refused",
                                                    "events_lost",
                                                    "unseen"};

bool IsOneOf(std::string_view name, std::span<const std::string_view> all) {
  return std::find(all.begin(), all.end(), name) != all.end();
}

// Calls `visit(name, id)` for each counter of the probes.
template <class Visit>
void ForEachCounter(const Visit& visit) {
  for (size_t i = 0; i < CANDOR_C_MAX; ++i) {
    const auto id = static_cast<candor_counter>(i);
    visit(CounterName(id), id);
  }
}

void AddCounters(const Counters& counters, Exposition& out) {
  const auto labelled = [&](const char* label, std::span<const std::string_view> names) {
    ForEachCounter([&](std::string_view name, candor_counter id) {
      if (IsOneOf(name, names)) out.Value(counters.at(id), {{label, std::string(name)}});
    });
  };
  out.Counter("candor_sensor_packets_by_kind_total",
              "Packets by protocol; inner: packets relayed within TURN.");
  labelled("kind", kKinds);
  out.Counter("candor_sensor_drops_total",
              "Packets, attributes, flows and events that the probes could not process, by reason.");
  labelled("reason", kDrops);
  // Every other counter has a family of its own.
  ForEachCounter([&](std::string_view name, candor_counter id) {
    if (IsOneOf(name, kKinds) || IsOneOf(name, kDrops)) return;
    out.Counter("candor_sensor_" + std::string(name) + "_total", std::string(CounterHelp(id)) + ".")
        .Value(counters.at(id));
  });
}

// Absent before the first read: no evidence is not 0 drops.
void AddSockets(const SocketEvidence& sockets, Exposition& out) {
  out.Gauge("candor_socket_evidence", "Whether the kernel's counters of UDP socket losses can be read.")
      .Value(sockets.unavailable.empty() ? 1.0 : 0.0);
  const SocketCounts& c = sockets.counts;
  if (c.at == Time{}) return;
  out.Counter("candor_socket_datagrams_total",
              "Datagrams of all UDP sockets in the network namespaces of the monitored processes.")
      .Value(c.received, {{"direction", "in"}})
      .Value(c.sent, {{"direction", "out"}});
  out.Counter("candor_socket_receive_drops_total",
              "Received datagrams that were dropped in these namespaces, by what was full.")
      .Value(c.dropped_full, {{"reason", "receive_buffer"}})
      .Value(c.dropped_memory, {{"reason", "udp_memory"}});
  out.Counter(
         "candor_socket_failed_sends_total",
         "Datagrams that a process could not send in these namespaces: buffer or queue full, or refused.")
      .Value(c.unsent_full, {{"reason", "full"}})
      .Value(c.unsent_refused, {{"reason", "refused"}});
}

// A reason that the kernel does not report is absent: it would always be 0.
void AddDrops(const DropEvidence& drops, Exposition& out) {
  out.Gauge("candor_drop_reasons", "Whether the kernel's drop reasons are collected.")
      .Value(drops.unavailable.empty() ? 1.0 : 0.0);
  if (!drops.unavailable.empty()) return;
  out.Counter("candor_socket_drops_by_reason_total",
              "Datagrams of the monitored ports that the kernel dropped in these namespaces, by its reason.");
  ForEachDrop([&](candor_dir direction, candor_drop_reason r) {
    const std::string name(DropName(r));
    if (std::find(drops.unreported.begin(), drops.unreported.end(), name) != drops.unreported.end()) return;
    out.Value(drops.sums.at(direction).at(r),
              {{"direction", std::string(DirectionName(direction))}, {"reason", name}});
  });
  out.Counter("candor_socket_drops_unattributed_total",
              "Such drops whose network namespace the kernel did not report.")
      .Value(drops.unattributed);
  out.Counter(
         "candor_lost_packets_total",
         "Dropped packets whose first bytes were read to learn whose attempt was lost, and those that were "
         "not, because too many came at once.")
      .Value(drops.lost_read, {{"read", "yes"}})
      .Value(drops.lost_unread, {{"read", "no"}});
  out.Counter(
         "candor_lost_packets_cut_total",
         "Of those that were read, the ones whose first bytes were only partly in reach (GSO and packets in "
         "pages): they may be of an attempt that is not known to be lost.")
      .Value(drops.lost_cut);
}

void AddSessions(const SessionCounts& sessions, Exposition& out) {
  out.Gauge("candor_session_counts", "Whether TCP connections that the media server accepts are counted.")
      .Value(sessions.unavailable.empty() ? 1.0 : 0.0);
  if (sessions.at == Time{}) return;
  out.Counter("candor_sessions_accepted_total",
              "TCP connections that listening sockets accepted in these network namespaces.")
      .Value(sessions.accepted);
}

}  // namespace

void AddSensor(const SourceHealth& source, Exposition& out) {
  out.Gauge("candor_sensor_seeing", "Whether the probes observe the node's traffic.")
      .Value(IsObserving(source) ? 1.0 : 0.0);
  if (!source.kind.empty()) {
    out.Gauge("candor_sensor_source", "Source of the packets.").Value(1.0, {{"source", source.kind}});
  }
  if (source.blindness.blind()) {
    out.Gauge("candor_sensor_blindness", "Why the probes do not observe traffic; absent while they do.")
        .Value(1.0, {{"reason", source.blindness.code}});
  }
  AddCounters(source.counters, out);
  AddSockets(source.sockets, out);
  AddDrops(source.sockets.drops, out);
  AddSessions(source.sessions, out);
  out.Gauge("candor_flows_open", "UDP 5-tuples tracked.").Value(source.flows_open);
  out.Gauge("candor_flows_max", "Limit of tracked 5-tuples.").Value(source.flows_max);
  out.Counter("candor_flows_evicted_total", "Flows evicted by newer ones at the limit.")
      .Value(source.flows_evicted);
}

}  // namespace candor::web
