// SPDX-License-Identifier: Apache-2.0
#include "flow/lost_reason.h"

namespace candor {

std::string Text(LostReason r) {
  if (!r) return "";
  return std::string(DropName(r.reason)) + " " + std::string(DirectionName(r.direction));
}

std::optional<LostReason> ParseLostReason(std::string_view text) {
  for (size_t i = 0; i < kLostReasons; ++i) {
    const LostReason r = LostReasonAt(i);
    if (r && IsDropCounted(r.reason, r.direction) && Text(r) == text) return r;
  }
  return std::nullopt;
}

}  // namespace candor
