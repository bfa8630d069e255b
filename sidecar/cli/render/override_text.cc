// SPDX-License-Identifier: Apache-2.0
#include "cli/render/override_text.h"

#include <fmt/format.h>

#include "cli/render/enum_names.h"
#include "cli/render/text.h"

namespace candor::cli {

std::string OverrideLines(const pb::Verdict& v, WallTime now, const Style& style) {
  std::string out;
  if (v.has_drain()) {
    out += style.Paint(Hue::kMagenta,
                       fmt::format("  !! DRAINED by {} {} ago: {}", Printable(v.drain().by()),
                                   Age(now - FromProto(v.drain().since())), Printable(v.drain().reason()))) +
           "\n";
  }
  if (v.has_state_override()) {
    const pb::StateOverride& f = v.state_override();
    out += style.Paint(Hue::kMagenta, fmt::format("  !! OVERRIDDEN to {} by {} for {} more: {}",
                                                  StateName(f.state()), Printable(f.by()),
                                                  Age(FromProto(f.until()) - now), Printable(f.reason()))) +
           "\n";
  }
  if (!out.empty()) out += fmt::format("  without overrides: {}\n", StateName(v.without_overrides()));
  return out;
}

std::string RenderAfterOverride(const pb::Verdict& v, WallTime now, const Style& style) {
  return fmt::format("{}   {}: {}\n", style.Paint(ServingHue(v.serving()), ServingName(v.serving())),
                     style.Paint(StateHue(v.state()), StateName(v.state())), Printable(v.reason())) +
         OverrideLines(v, now, style);
}

}  // namespace candor::cli
