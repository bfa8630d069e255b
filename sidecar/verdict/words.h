// SPDX-License-Identifier: Apache-2.0
//
// Figures in words, for the sentences that explain a verdict. Pure, thread-safe.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/time.h"
#include "verdict/verdict.h"

namespace candor {

// 0.031: "about 1 in 32".
inline std::string OneIn(double share) {
  return fmt::format("1 in {:.0f}", std::floor(1 / std::max(1e-3, share)));
}

inline std::string Span(Duration d) {
  const double s = Seconds(d);
  if (s < 1) return fmt::format("{:.0f} ms", s * 1000);
  if (s < 120) return fmt::format("{:.1f} s", s);
  return s < 7200 ? fmt::format("{:.0f} min", s / 60) : fmt::format("{:.1f} h", s / 3600);
}

inline std::string Networks(const Verdict& v) {
  return v.networks == 1 ? "one client network" : fmt::format("{} client networks", v.networks);
}

}  // namespace candor
