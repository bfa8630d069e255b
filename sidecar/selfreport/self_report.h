// SPDX-License-Identifier: Apache-2.0
//
// The node's report of its own health (self-report), as a value. Tested in
// tests/status/self_report_aggregator_test.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace candor {

enum class SelfAnswer : uint8_t {
  kNotConfigured,  // counts as serving
  kPending,        // configured, no answer yet: counts as not serving
  kOk,
  kDown,         // its answer was "not serving"
  kUnreachable,  // no answer within the timeout: counts as not serving
};
std::string_view Name(SelfAnswer a);  // "not_configured", "pending", "ok", "down", "unreachable"

struct SelfReport {
  SelfAnswer answer = SelfAnswer::kNotConfigured;
  std::string target;  // as configured
  std::string detail;  // "HTTP 200", "SERVING", "connection refused"
  // When it was polled or pushed, by the wall clock; for display only. The epoch: never.
  std::chrono::system_clock::time_point checked_at{};

  bool serving() const { return answer == SelfAnswer::kNotConfigured || answer == SelfAnswer::kOk; }
};

}  // namespace candor
