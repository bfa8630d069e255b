// SPDX-License-Identifier: Apache-2.0
//
// What the node says of itself, as a value. None configured is a legal state and counts as serving.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace candor {

enum class SelfAnswer : uint8_t {
  kNotConfigured,  // counts as serving
  kPending,        // configured, not asked yet: counts as not serving
  kOk,
  kDown,         // it answered, and said no
  kUnreachable,  // it did not answer within the timeout: counts as not serving
};
std::string_view Name(SelfAnswer a);  // "not_configured", "pending", "ok", "down", "unreachable"

struct SelfReport {
  SelfAnswer answer = SelfAnswer::kNotConfigured;
  std::string target;  // as configured
  std::string detail;  // "HTTP 200", "SERVING", "connection refused"
  // Wall clock, for people only: no logic reads it. The node is asked on the daemon's own thread, which
  // knows nothing of the flow source's clock. The epoch itself: never asked.
  std::chrono::system_clock::time_point checked_at{};

  bool serving() const { return answer == SelfAnswer::kNotConfigured || answer == SelfAnswer::kOk; }
};

}  // namespace candor
