// SPDX-License-Identifier: Apache-2.0
//
// The differences between two snapshots as log lines. Pure; one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/log.h"
#include "status/snapshot_store.h"

namespace candor::daemon {

class TransitionLog {
 public:
  // Call with every snapshot, in order.
  std::vector<LogLine> Lines(const Snapshot& next);

 private:
  void State(const Snapshot& next, std::vector<LogLine>& out);
  void Source(const SourceHealth& next, std::vector<LogLine>& out);
  void Servers(const Snapshot& next, std::vector<LogLine>& out);
  void Self(const SelfReport& next, std::vector<LogLine>& out);

  bool first_ = true;
  candor::State state_ = candor::State::kUnknown;
  std::string reason_;
  std::string cause_;
  bool serving_ = false;
  bool observing_ = false;
  std::map<std::string, std::pair<candor::State, std::string>> servers_;  // state and reason of each
  SelfAnswer self_ = SelfAnswer::kNotConfigured;
};

// The page of self_report.prometheus: a line when it is first read or not, and at each change of that or of
// the reason. Durations and sizes in the reason differ at each reading, so its figures are not compared, but
// for the status of HTTP.
class MetricsPageLog {
 public:
  // `unavailable`: as in ReportedJoins. Of each reading, in order.
  std::optional<LogLine> Line(const std::string& unavailable);

 private:
  std::optional<std::string> last_;
};

}  // namespace candor::daemon
