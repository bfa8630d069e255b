// SPDX-License-Identifier: Apache-2.0
//
// candord's log: lines on stderr. Thread-safe.
#pragma once

#include "config/config.h"
#include "daemon/transition_log.h"

namespace candor::daemon {

void StartLogging(LogLevel level);  // once, before anything is logged
void SetLogLevel(LogLevel level);
void Log(const LogLine& line);

}  // namespace candor::daemon
