// SPDX-License-Identifier: Apache-2.0
//
// /metrics by Prometheus' conventions: base units, _total for counters, labels of bounded sets. No label
// holds a peer's address.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "status/snapshot_store.h"
#include "web/exposition.h"
#include "web/process_cost.h"
#include "web/traffic.h"

namespace candor::web {

struct MetricsInput {
  const Snapshot& snapshot;
  const Traffic& traffic;
  std::string version;
  std::chrono::system_clock::time_point started_at{};
  double since_tick = 0;  // seconds
  std::optional<ProcessCost> cost;
};

// The whole text of /metrics. Pure.
std::string MetricsText(const MetricsInput& input);

// Its parts. The first three have files of their own: metrics_verdict.cc and so on.
void AddVerdict(const Snapshot& snapshot, Exposition& out);
void AddAttempts(const AttemptCounts& counts, Exposition& out);
void AddServers(const Snapshot& snapshot, Exposition& out);
void AddSteering(const steer::SteerStatus& steering, Exposition& out);
void AddSensor(const SourceHealth& source, Exposition& out);
void AddTraffic(const Traffic& traffic, Exposition& out);
void AddProcess(const MetricsInput& input, Exposition& out);

}  // namespace candor::web
