// SPDX-License-Identifier: Apache-2.0
#include "status/overrides.h"

#include <fmt/format.h>

#include <utility>

#include "base/utc_text.h"

namespace candor {
namespace {

Time SourceTime(BootTime t, Duration to_boot) { return Time(t.time_since_epoch() - to_boot); }

bool Serves(State s) { return s == State::kHealthy || s == State::kDegraded || s == State::kProbation; }

std::string Without(const Verdict& v) {
  return fmt::format("Without this it would be {} ({}).", Name(v.state), v.reason);
}

}  // namespace

bool IsOverrideState(State s) { return Serves(s) || s == State::kFailing; }

Overrides InForce(Overrides all, BootTime now) {
  if (all.state_override && now >= all.state_override->until) all.state_override.reset();
  return all;
}

Verdict WithOverrides(Verdict verdict, const Overrides& now, Duration to_wall, Duration to_boot) {
  const auto text = [&](BootTime t) { return FormatUtc(WallTime(t.time_since_epoch() - to_boot + to_wall)); };
  if (now.drain) {
    const DrainOverride& d = *now.drain;
    verdict.detail =
        fmt::format("Drained by {} since {}: {}. {}", d.by, text(d.since), d.reason, Without(verdict));
    verdict.state = State::kDraining;
    verdict.reason = "drained_by_operator";
    verdict.remediation = "candorctl undrain lets it serve again.";
    verdict.cause = {};
    verdict.since = SourceTime(d.since, to_boot);
  } else if (now.state_override) {
    const StateOverride& f = *now.state_override;
    verdict.detail = fmt::format("OVERRIDDEN: forced to {} by {} until {}: {}. {}", Name(f.state), f.by,
                                 text(f.until), f.reason, Without(verdict));
    verdict.state = f.state;
    verdict.reason = "overridden_by_operator";
    verdict.remediation = "candorctl override --clear ends it now.";
    verdict.cause = {};
    verdict.since = SourceTime(f.since, to_boot);
  }
  return verdict;
}

std::optional<bool> ServingByOverride(const Overrides& now) {
  if (now.drain) return false;
  if (now.state_override) return Serves(now.state_override->state);
  return std::nullopt;
}

}  // namespace candor
