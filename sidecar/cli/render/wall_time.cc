// SPDX-License-Identifier: Apache-2.0
#include "cli/render/wall_time.h"

#include <algorithm>

namespace candor::cli {
namespace {

constexpr int64_t kMaxSeconds = 9'000'000'000;
constexpr int32_t kMaxNanos = 999'999'999;

std::chrono::nanoseconds Clamped(int64_t seconds, int32_t nanos) {
  return std::chrono::seconds(std::clamp(seconds, -kMaxSeconds, kMaxSeconds)) +
         std::chrono::nanoseconds(std::clamp(nanos, -kMaxNanos, kMaxNanos));
}

}  // namespace

WallTime FromProto(const google::protobuf::Timestamp& t) { return WallTime(Clamped(t.seconds(), t.nanos())); }

std::chrono::nanoseconds FromProto(const google::protobuf::Duration& d) {
  return Clamped(d.seconds(), d.nanos());
}

}  // namespace candor::cli
