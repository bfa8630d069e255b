// SPDX-License-Identifier: Apache-2.0
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
  out.Counter("candor_sensor_packets_by_kind_total", "Packets by what they are; inner: those within TURN's.");
  labelled("kind", kKinds);
  out.Counter("candor_sensor_drops_total",
              "What the probes could not follow, by reason: 0 everywhere means that nothing was missed.");
  labelled("reason", kDrops);
  // All others, those of later versions too, under their own names.
  ForEachCounter([&](std::string_view name, candor_counter id) {
    if (IsOneOf(name, kKinds) || IsOneOf(name, kDrops)) return;
    out.Counter("candor_sensor_" + std::string(name) + "_total", std::string(CounterHelp(id)) + ".")
        .Value(counters.at(id));
  });
}

// Absent while nothing was read: no evidence is not 0 drops.
void AddSockets(const SocketEvidence& sockets, Exposition& out) {
  out.Gauge("candor_socket_evidence", "Whether the kernel's count of what UDP sockets lose can be read.")
      .Value(sockets.unavailable.empty() ? 1.0 : 0.0);
  const SocketCounts& c = sockets.counts;
  if (c.at == Time{}) return;
  out.Counter("candor_socket_datagrams_total",
              "Datagrams that went through UDP sockets in the network namespaces of the watched processes.")
      .Value(c.received, {{"direction", "in"}})
      .Value(c.sent, {{"direction", "out"}});
  out.Counter("candor_socket_receive_drops_total",
              "Datagrams that arrived there and were dropped before a process took them, by what was full.")
      .Value(c.dropped_full, {{"reason", "receive_buffer"}})
      .Value(c.dropped_memory, {{"reason", "udp_memory"}});
  out.Counter(
         "candor_socket_failed_sends_total",
         "Datagrams that a process sent there and that did not leave: a full buffer or queue, or refused.")
      .Value(c.unsent_full, {{"reason", "full"}})
      .Value(c.unsent_refused, {{"reason", "refused"}});
}

// The same for why: 0 is said only where the kernel would tell.
void AddDrops(const DropEvidence& drops, Exposition& out) {
  out.Gauge("candor_drop_reasons", "Whether the kernel is asked why it drops datagrams.")
      .Value(drops.unavailable.empty() ? 1.0 : 0.0);
  if (!drops.unavailable.empty()) return;
  out.Counter("candor_socket_drops_by_reason_total",
              "Datagrams of the followed ports that the kernel dropped in these namespaces, by its reason.");
  ForEachDrop([&](candor_dir direction, candor_drop_reason r) {
    const std::string name(DropName(r));
    if (std::find(drops.unreported.begin(), drops.unreported.end(), name) != drops.unreported.end()) return;
    out.Value(drops.sums.at(direction).at(r),
              {{"direction", std::string(DirectionName(direction))}, {"reason", name}});
  });
  out.Counter("candor_socket_drops_unattributed_total",
              "Such drops of which the kernel did not tell in which network namespace.")
      .Value(drops.unattributed);
}

}  // namespace

void AddSensor(const SourceHealth& source, Exposition& out) {
  out.Gauge("candor_sensor_seeing", "Whether the probes see what reaches the node.")
      .Value(IsObserving(source) ? 1.0 : 0.0);
  if (!source.kind.empty()) {
    out.Gauge("candor_sensor_source", "What the probes look through.").Value(1.0, {{"source", source.kind}});
  }
  if (source.blindness.blind()) {
    out.Gauge("candor_sensor_blindness", "Why the probes cannot see; absent while they do.")
        .Value(1.0, {{"reason", source.blindness.code}});
  }
  AddCounters(source.counters, out);
  AddSockets(source.sockets, out);
  AddDrops(source.sockets.drops, out);
  out.Gauge("candor_flows_open", "UDP 5-tuples followed.").Value(source.flows_open);
  out.Gauge("candor_flows_max", "The most that can be followed.").Value(source.flows_max);
  out.Counter("candor_flows_evicted_total", "Flows that made room for newer ones at the bound.")
      .Value(source.flows_evicted);
}

}  // namespace candor::web
