// SPDX-License-Identifier: Apache-2.0
#include "verdict/explain_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace candor {

std::string OneIn(double share) { return fmt::format("1 in {:.0f}", std::floor(1 / std::max(1e-3, share))); }

std::string Span(Duration d) {
  const double s = Seconds(d);
  if (s < 1) return fmt::format("{:.0f} ms", s * 1000);
  if (s < 120) return fmt::format("{:.1f} s", s);
  return s < 7200 ? fmt::format("{:.0f} min", s / 60) : fmt::format("{:.1f} h", s / 3600);
}

std::string Many(uint64_t n, const char* what) {
  const char* many = std::string_view(what).ends_with('s') ? "es" : "s";
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : many);
}

std::string Networks(uint64_t n) { return n == 1 ? "one client network" : Many(n, "client network"); }

std::string Counts(const Verdict& v) {
  return fmt::format("{} of {} within {}, from {},", v.failed, Many(v.counted, "new connection"),
                     Span(v.window), Networks(v.networks));
}

std::string Certainty(const Verdict& v) {
  return fmt::format("Usually at most {} fail so (evidence {:.1f}, alarm at {:.1f}).",
                     OneIn(v.baseline_failure_rate), v.score, v.threshold);
}

}  // namespace candor
