// SPDX-License-Identifier: Apache-2.0
#include "status/saved_state.h"

#include <algorithm>

namespace candor {

SavedState OnThisBoot(SavedState s, const std::string& boot_id, BootTime boot, WallTime wall) {
  // A boot clock that went back is that of another machine or time namespace, despite an equal identity.
  const bool same = !boot_id.empty() && s.boot_id == boot_id && boot >= s.boot;
  const Duration passed = std::max<Duration>(wall - s.at, Duration::zero());
  const Duration shift = same ? Duration::zero() : boot - passed - s.boot;
  s.boot += shift;
  s.boot_id = boot_id;
  s.baseline_at += shift;
  if (s.overrides.drain) s.overrides.drain->since += shift;
  if (s.overrides.state_override) {
    s.overrides.state_override->since += shift;
    s.overrides.state_override->until += shift;
  }
  return s;
}

}  // namespace candor
