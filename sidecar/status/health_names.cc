// SPDX-License-Identifier: Apache-2.0
#include "status/health_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "status/server_view.h"

namespace candor {

std::optional<bool> IsServing(std::string_view name, const Snapshot& snapshot) {
  if (std::find(kHealthServiceNames.begin(), kHealthServiceNames.end(), name) == kHealthServiceNames.end()) {
    const ServerStatus* server = FindServer(snapshot, name);
    return server == nullptr ? std::nullopt : std::optional(server->serving);
  }
  if (name == "self") return snapshot.self.serving();
  if (name == "sensor") return IsObserving(snapshot.source);
  return snapshot.serving;
}

std::vector<std::string> HealthServiceNames(const Snapshot& snapshot) {
  std::vector<std::string> names(kHealthServiceNames.begin(), kHealthServiceNames.end());
  for (const ServerStatus& s : snapshot.servers) names.push_back(s.name);
  return names;
}

std::string UnknownServiceMessage(std::string_view name, const Snapshot& snapshot) {
  // A status message is sent in a header (8 KiB by default): a long name is not repeated.
  constexpr size_t kLongestQuoted = 100;
  const std::string quoted =
      name.size() <= kLongestQuoted ? fmt::format("\"{}\"", name) : fmt::format("of {} bytes", name.size());
  std::string known;
  for (const std::string& n : HealthServiceNames(snapshot))
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", n);
  return fmt::format("service {} is unknown; expected one of {}", quoted, known);
}

}  // namespace candor
