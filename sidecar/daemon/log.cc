// SPDX-License-Identifier: Apache-2.0
#include "daemon/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace candor::daemon {

void StartLogging(LogLevel level) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("candord"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  SetLogLevel(level);
}

void SetLogLevel(LogLevel level) {
  constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::trace, spdlog::level::debug,
                                                   spdlog::level::info,  spdlog::level::warn,
                                                   spdlog::level::err,   spdlog::level::off};
  spdlog::set_level(kLevels[static_cast<size_t>(level)]);
}

void Log(const LogLine& line) {
  switch (line.severity) {
    case Severity::kInfo:
      return spdlog::info("{}", line.text);
    case Severity::kWarning:
      return spdlog::warn("{}", line.text);
    case Severity::kError:
      return spdlog::error("{}", line.text);
  }
}

}  // namespace candor::daemon
