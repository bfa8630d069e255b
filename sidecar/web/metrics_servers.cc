// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/web/metrics_test.cc.
#include <array>

#include "status/server_view.h"
#include "web/metrics.h"
#include "web/routing_advice.h"

namespace candor::web {
namespace {

constexpr std::array kStates = {State::kUnknown,   State::kHealthy,  State::kDegraded, State::kFailing,
                                State::kProbation, State::kDraining, State::kBlind};

template <class Each>
void ForEachServer(const Snapshot& snapshot, const Each& each) {
  for (const ServerStatus& s : snapshot.servers) {
    if (!s.gone) each(s);
  }
}

}  // namespace

// The label `server` has at most ServersOptions::most values and "other".
void AddServers(const Snapshot& snapshot, Exposition& out) {
  if (snapshot.servers.empty()) return;
  out.Gauge("candor_server_verdict", "The verdict of each media server: 1 for its current state.");
  ForEachServer(snapshot, [&](const ServerStatus& s) {
    const State now = OfServer(snapshot, s, false).shown().state;
    for (const State state : kStates)
      out.Value(state == now ? 1.0 : 0.0, {{"server", s.name}, {"state", std::string(Name(state))}});
  });
  out.Gauge("candor_server_serving", "The effective answer of each media server.");
  ForEachServer(snapshot, [&](const ServerStatus& s) {
    out.Value(s.serving ? 1.0 : 0.0, {{"server", s.name}});
  });
  out.Gauge("candor_server_share_ratio", "Its part of the node's acknowledged attempts lately.");
  ForEachServer(snapshot, [&](const ServerStatus& s) { out.Value(s.share, {{"server", s.name}}); });
  out.Counter("candor_server_attempts_total", "Attempts of each media server, its replaced ones left out.");
  ForEachServer(snapshot, [&](const ServerStatus& s) { out.Value(s.counts.attempts, {{"server", s.name}}); });
  out.Counter("candor_server_active_total", "Of these, those that became active.");
  ForEachServer(snapshot, [&](const ServerStatus& s) { out.Value(s.counts.active, {{"server", s.name}}); });
}

}  // namespace candor::web
