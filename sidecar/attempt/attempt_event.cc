// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_event.h"

#include <array>

namespace candor {

std::string_view Name(Outcome o) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "pending", "active", "stalled", "left", "refused", "early_drop", "unanswered", "replaced"};
  return kNames.at(static_cast<size_t>(o));
}

}  // namespace candor
