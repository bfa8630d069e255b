// SPDX-License-Identifier: Apache-2.0
//
// The objects that the servers read and change; thread-safe, they outlive the servers. Tested in
// tests/serve/server_test.cc.
#pragma once

#include <chrono>
#include <functional>

#include "base/time.h"
#include "status/history.h"
#include "status/self_report_aggregator.h"
#include "status/snapshot_store.h"

namespace candor {

// Replaced by tests.
struct ServeClocks {
  std::function<Time()> source = &MonotonicNow;  // the clock of the snapshots
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
