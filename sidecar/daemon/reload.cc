// SPDX-License-Identifier: Apache-2.0
#include "daemon/reload.h"

#include <algorithm>
#include <utility>

namespace candor::daemon {

void Reloader::AddLive(std::vector<std::string> paths, Apply apply) {
  const std::lock_guard lock(mutex_);
  live_.push_back({std::move(paths), std::move(apply)});
}

void Reloader::AddAlways(Always always) {
  const std::lock_guard lock(mutex_);
  always_.push_back(std::move(always));
}

Reloader::Outcome Reloader::Reload() {
  const std::lock_guard lock(mutex_);
  const auto loaded = LoadConfig(flags_);
  if (!loaded) return tl::make_unexpected(loaded.error());
  ReloadOutcome outcome;
  outcome.config_file = loaded->file;
  std::vector<const Live*> touched;
  for (const SettingChange& change : Differences(in_force_, loaded->config)) {
    const std::string text = change.path + ": " + change.before + " -> " + change.after;
    const auto live = std::find_if(live_.begin(), live_.end(), [&](const Live& l) {
      return std::find(l.paths.begin(), l.paths.end(), change.path) != l.paths.end();
    });
    (live == live_.end() ? outcome.restart : outcome.applied).push_back(text);
    if (live == live_.end()) continue;
    if (std::find(touched.begin(), touched.end(), &*live) == touched.end()) touched.push_back(&*live);
  }
  for (const Live* live : touched) live->apply(loaded->config, in_force_);
  for (const Always& always : always_) {
    if (const auto ok = always(in_force_); !ok) outcome.notes.push_back(ok.error().message);
  }
  return outcome;
}

}  // namespace candor::daemon
