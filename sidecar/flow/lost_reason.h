// SPDX-License-Identifier: Apache-2.0
//
// Why this node lost packets of an attempt: the direction, and the kernel's reason (drop_reasons.h). Values
// only, thread-safe.
// Tested in tests/flow/lost_reason_test.cc.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "flow/drop_reasons.h"

namespace candor {

struct LostReason {
  candor_dir direction = CANDOR_IN;
  candor_drop_reason reason = CANDOR_DROP_NONE;  // CANDOR_DROP_NONE: nothing was lost

  explicit operator bool() const { return reason != CANDOR_DROP_NONE; }
  bool operator==(const LostReason&) const = default;
};

inline constexpr size_t kLostReasons = 2 * (static_cast<size_t>(kNotDelivered) + 1);
// Below kLostReasons, and LostReasonAt() is its inverse.
constexpr size_t Index(LostReason r) {
  return static_cast<size_t>(r.direction) * (kLostReasons / 2) + static_cast<size_t>(r.reason);
}
constexpr LostReason LostReasonAt(size_t index) {
  return {index < kLostReasons / 2 ? CANDOR_IN : CANDOR_OUT,
          static_cast<candor_drop_reason>(index % (kLostReasons / 2))};
}

// "netfilter in"; empty when nothing was lost.
std::string Text(LostReason r);
// What Text() gives, of a reason that can be lost in that direction; nullopt: it is no such text.
std::optional<LostReason> ParseLostReason(std::string_view text);

}  // namespace candor
