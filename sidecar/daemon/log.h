// SPDX-License-Identifier: Apache-2.0
//
// candord's log: lines on stderr. Thread-safe.
// Tested in tests/daemon/candord_test.sh.
#pragma once

#include <string>
#include <utility>

#include "config/config.h"

namespace candor::daemon {

enum class Severity { kInfo, kWarning, kError };

struct LogLine {
  Severity severity = Severity::kInfo;
  std::string text;
};

void StartLogging(LogLevel level);  // once, before anything is logged
void SetLogLevel(LogLevel level);
void Log(const LogLine& line);

inline void LogInfo(std::string text) { Log({Severity::kInfo, std::move(text)}); }
inline void LogWarning(std::string text) { Log({Severity::kWarning, std::move(text)}); }
inline void LogError(std::string text) { Log({Severity::kError, std::move(text)}); }

}  // namespace candor::daemon
