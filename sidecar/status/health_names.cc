// SPDX-License-Identifier: Apache-2.0
#include "status/health_names.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor {

std::optional<bool> IsServing(std::string_view name, const Snapshot& snapshot) {
  if (std::find(kHealthServiceNames.begin(), kHealthServiceNames.end(), name) == kHealthServiceNames.end())
    return std::nullopt;
  if (name == "self") return snapshot.self.serving();
  if (name == "sensor") return IsObserving(snapshot.source);
  return snapshot.serving;
}

std::string UnknownServiceMessage(std::string_view name) {
  // A status message is sent in a header (8 KiB by default): a long name is not repeated.
  constexpr size_t kLongestQuoted = 100;
  const std::string quoted =
      name.size() <= kLongestQuoted ? fmt::format("\"{}\"", name) : fmt::format("of {} bytes", name.size());
  std::string known;
  for (const std::string_view n : kHealthServiceNames)
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", n);
  return fmt::format("service {} is unknown; expected one of {}", quoted, known);
}

}  // namespace candor
