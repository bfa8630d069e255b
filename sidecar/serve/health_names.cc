// SPDX-License-Identifier: Apache-2.0
#include "serve/health_names.h"

#include <algorithm>

namespace candor {

std::optional<bool> ServingUnder(std::string_view name, const Snapshot& snapshot) {
  if (std::find(kHealthNames.begin(), kHealthNames.end(), name) == kHealthNames.end()) return std::nullopt;
  if (name == "self") return snapshot.self.serving();
  if (name == "sensor") return Sees(snapshot.source);
  return snapshot.serving;
}

}  // namespace candor
