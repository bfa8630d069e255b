// SPDX-License-Identifier: Apache-2.0
//
// What an operator said, as values. Two things may be in force at once: a drain, which holds until it is
// taken back, and an override, which forces a state for a limited time.
//
// Who wins, first to last: drain, override, blindness, verdict. The self-report is overridden downward only,
// except by an operator's override to a serving state, who said so for a time, with a reason and a name.
// Pure. Times are of the boot clock: an override lasts as long as was ordered, whatever is done to the wall
// clock. saved_state.h takes them across a restart.
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

struct Drained {
  std::string reason;
  std::string by;  // who: "root (uid 0, pid 4711)"
  BootTime since{};
  bool operator==(const Drained&) const = default;
};

struct Forced {
  State state = State::kHealthy;  // one that MayForce()
  std::string reason;
  std::string by;
  BootTime since{};
  BootTime until{};
  bool operator==(const Forced&) const = default;
};

struct Interventions {
  std::optional<Drained> drain;
  std::optional<Forced> forced;

  bool any() const { return drain || forced; }
  bool operator==(const Interventions&) const = default;
};

// HEALTHY, DEGRADED and PROBATION serve, FAILING does not. DRAINING has a command of its own; UNKNOWN and
// BLIND say what Candor knows, which nobody can order.
bool MayForce(State s);

// What is still in force at `now`.
Interventions InForce(Interventions all, BootTime now);

// `verdict`, which is what would be shown, with the intervention over it. The evidence stays to be read.
// `to_wall` and `to_boot` as in Snapshot.
Verdict Intervened(Verdict verdict, const Interventions& now, Duration to_wall, Duration to_boot);

// The effective answer, nothing without an intervention.
std::optional<bool> ServingByOrder(const Interventions& now);

}  // namespace candor
