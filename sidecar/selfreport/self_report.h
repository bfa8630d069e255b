// SPDX-License-Identifier: Apache-2.0
//
// What the node says of itself, as a value. None configured is a legal state and counts as serving.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

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
  Time asked_at{};     // CLOCK_MONOTONIC; Time{}: never

  bool serving() const { return answer == SelfAnswer::kNotConfigured || answer == SelfAnswer::kOk; }
};

}  // namespace candor
