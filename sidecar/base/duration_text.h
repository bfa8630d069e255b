// SPDX-License-Identifier: Apache-2.0
//
// Durations as text: a whole number and a unit: 500ms, 2s, 10m. Units: ns, us, ms, s, m, h. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace candor {

// The duration of one unit; nullopt: `name` is no unit.
std::optional<Duration> UnitNamed(std::string_view name);

// nullopt for a negative or fractional number, another form, or more than 292 years.
std::optional<Duration> ParseDuration(std::string_view text);

// In the largest unit that holds it exactly: 90s, 2h; "0s". ParseDuration() reads it back.
std::string DurationText(Duration d);

}  // namespace candor
