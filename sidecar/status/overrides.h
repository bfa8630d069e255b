// SPDX-License-Identifier: Apache-2.0
//
// Operators' overrides, as values. Two kinds may be in force at once: a drain, without time limit, and a
// state override, with one. The precedence: drain, state override, blindness, verdict. Only a state override
// to a serving state wins over a self-report of "down". Pure.
//
// Times are of the boot clock, so that a step of the wall clock neither prolongs nor ends an override.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/time.h"
#include "verdict/verdict.h"

namespace candor {

struct DrainOverride {
  std::string reason;
  std::string by;  // the caller: "root (uid 0, pid 4711)"
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

// HEALTHY, DEGRADED and PROBATION, which serve, and FAILING, which does not. DRAINING has a command of its
// own; UNKNOWN and BLIND describe the evidence.
bool IsOverrideState(State s);

// Those in force at `now`.
Overrides InForce(Overrides all, BootTime now);

// `verdict` as shown with `now` in force: state, reason, detail, remediation and since are the override's,
// the figures stay. `to_wall` and `to_boot` as in Snapshot.
Verdict WithOverrides(Verdict verdict, const Overrides& now, Duration to_wall, Duration to_boot);

// The effective answer; nullopt: no override.
std::optional<bool> ServingByOverride(const Overrides& now);

}  // namespace candor
