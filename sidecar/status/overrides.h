// SPDX-License-Identifier: Apache-2.0
//
// What an operator said, as values. Two things may be in force at once: a drain, which holds until it is
// taken back, and an override, which forces a state for a limited time.
//
// Who wins, first to last: drain, override, blindness, verdict. The self-report is overridden downward only,
// except by an operator's override to a serving state, who said so for a time, with a reason and a name.
// Pure. Times are of the boot clock: an override lasts as long as was ordered, whatever is done to the wall
// clock. state_file.h takes them across a restart.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/time.h"
#include "verdict/verdict.h"

namespace candor {

using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;

// "2026-06-02 14:38:00Z"
std::string UtcText(WallTime t);

struct DrainOverride {
  std::string reason;
  std::string by;  // who: "root (uid 0, pid 4711)"
  BootTime since{};
  bool operator==(const DrainOverride&) const = default;
};

struct StateOverride {
  State state = State::kHealthy;  // one that IsOverrideState()
  std::string reason;
  std::string by;
  BootTime since{};
  BootTime until{};
  bool operator==(const StateOverride&) const = default;
};

struct Overrides {
  std::optional<DrainOverride> drain;
  std::optional<StateOverride> state_override;

  bool any() const { return drain || state_override; }
  bool operator==(const Overrides&) const = default;
};

// HEALTHY, DEGRADED and PROBATION serve, FAILING does not. DRAINING has a command of its own; UNKNOWN and
// BLIND say what Candor knows, which nobody can order.
bool IsOverrideState(State s);

// What is still in force at `now`.
Overrides InForce(Overrides all, BootTime now);

// `verdict`, which is what would be shown, with the override over it. The evidence stays to be read.
// `to_wall` and `to_boot` as in Snapshot.
Verdict WithOverrides(Verdict verdict, const Overrides& now, Duration to_wall, Duration to_boot);

// The effective answer, nothing without an override.
std::optional<bool> ServingByOverride(const Overrides& now);

}  // namespace candor
