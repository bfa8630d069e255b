// SPDX-License-Identifier: Apache-2.0
//
// What changed from one snapshot to the next, as lines for an operator's log. Pure; one thread.
#pragma once

#include <string>
#include <vector>

#include "status/snapshot_store.h"

namespace candor::daemon {

enum class Severity { kInfo, kWarning, kError };

struct LogLine {
  Severity severity = Severity::kInfo;
  std::string text;
};

class TransitionLog {
 public:
  std::vector<LogLine> Lines(const Snapshot& next);

 private:
  void State(const Snapshot& next, std::vector<LogLine>& out);
  void Sight(const SourceHealth& next, std::vector<LogLine>& out);
  void Self(const SelfReport& next, std::vector<LogLine>& out);

  bool first_ = true;
  candor::State state_ = candor::State::kUnknown;
  std::string reason_;
  bool serving_ = false;
  bool sees_ = false;
  SelfAnswer self_ = SelfAnswer::kNotConfigured;
};

}  // namespace candor::daemon
