// SPDX-License-Identifier: Apache-2.0
#include "selfreport/self_report.h"

namespace candor {

std::string_view Name(SelfAnswer a) {
  switch (a) {
    case SelfAnswer::kNotConfigured:
      return "not_configured";
    case SelfAnswer::kPending:
      return "pending";
    case SelfAnswer::kOk:
      return "ok";
    case SelfAnswer::kDown:
      return "down";
    case SelfAnswer::kUnreachable:
      return "unreachable";
  }
  return "unreachable";
}

}  // namespace candor
