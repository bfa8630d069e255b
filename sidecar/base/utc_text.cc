// SPDX-License-Identifier: Apache-2.0
#include "base/utc_text.h"

#include <fmt/format.h>

#include <ctime>

namespace candor {

std::string FormatUtcSeconds(int64_t since_1970) {
  const std::time_t seconds = since_1970;
  std::tm utc{};
  if (gmtime_r(&seconds, &utc) == nullptr) return "?";
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string FormatUtc(std::chrono::sys_time<std::chrono::nanoseconds> t) {
  return FormatUtcSeconds(std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count()) + "Z";
}

}  // namespace candor
