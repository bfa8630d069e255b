// SPDX-License-Identifier: Apache-2.0
#include "cli/wall.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace candor::cli {
namespace {

constexpr int64_t kMostSeconds = 9'000'000'000;
constexpr int32_t kMostNanos = 999'999'999;

std::chrono::nanoseconds Clamped(int64_t seconds, int32_t nanos) {
  return std::chrono::seconds(std::clamp(seconds, -kMostSeconds, kMostSeconds)) +
         std::chrono::nanoseconds(std::clamp(nanos, -kMostNanos, kMostNanos));
}

}  // namespace

Wall FromProto(const google::protobuf::Timestamp& t) { return Wall(Clamped(t.seconds(), t.nanos())); }

std::chrono::nanoseconds FromProto(const google::protobuf::Duration& d) {
  return Clamped(d.seconds(), d.nanos());
}

std::string Stamp(Wall t) {
  const time_t seconds = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
  tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace candor::cli
