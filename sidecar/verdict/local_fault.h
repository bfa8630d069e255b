// SPDX-License-Identifier: Apache-2.0
//
// A fact measured on this node that keeps media away from it: what makes joins_without_media FAILING instead
// of DEGRADED. Value only. Tested in tests/verdict/judge_joins_test.cc.
#pragma once

#include <string>

#include "base/time.h"

namespace candor {

struct LocalFault {
  // "ports_used_up", "descriptors_used_up", "media_socket_gone", "process_restarts", "no_address"; empty:
  // there is none
  std::string code;
  std::string text;  // one sentence with figures, from what was measured
  Time at{};         // of the measurement; older than half a minute it does not count
};

}  // namespace candor
