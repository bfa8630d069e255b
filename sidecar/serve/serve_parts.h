// SPDX-License-Identifier: Apache-2.0
//
// What the servers show and change. All of it is thread-safe and outlives them.
#pragma once

#include <chrono>
#include <functional>

#include "base/time.h"
#include "status/history.h"
#include "status/self_report_aggregator.h"
#include "status/snapshot_store.h"

namespace candor {

// Time is a parameter: tests hand in their own.
struct ServeClocks {
  std::function<Time()> source = &MonotonicNow;  // of the snapshots
  std::function<BootTime()> boot = &BootNow;
  std::function<WallTime()> wall = [] { return WallTime(std::chrono::system_clock::now()); };
};

struct ServeParts {
  SnapshotStore& snapshots;
  History& history;
  SelfReportAggregator& self_reports;
  ServeClocks clocks = {};
};

}  // namespace candor
