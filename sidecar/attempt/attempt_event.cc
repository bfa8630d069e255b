// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_event.h"

namespace candor {

std::string_view Name(Outcome o) {
  switch (o) {
    case Outcome::kPending:
      return "pending";
    case Outcome::kActive:
      return "active";
    case Outcome::kStalled:
      return "stalled";
    case Outcome::kLeft:
      return "left";
    case Outcome::kRefused:
      return "refused";
    case Outcome::kEarlyDrop:
      return "early_drop";
    case Outcome::kUnanswered:
      return "unanswered";
    case Outcome::kReplaced:
      return "replaced";
  }
  return "pending";
}

}  // namespace candor
