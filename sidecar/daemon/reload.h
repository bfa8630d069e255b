// SPDX-License-Identifier: Apache-2.0
//
// Reads the configuration again and applies the settings that do not need a restart. Thread-safe: one reload
// at a time.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/flags.h"
#include "daemon/load_config.h"
#include "status/daemon_hooks.h"

namespace candor::daemon {

class Reloader {
 public:
  using Outcome = tl::expected<ReloadOutcome, std::vector<std::string>>;
  // Applies its settings of `next` and writes them into `in_force`.
  using Apply = std::function<void(const Config& next, Config& in_force)>;

  Reloader(Flags flags, Config in_force) : flags_(std::move(flags)), in_force_(std::move(in_force)) {}

  // Called at the end of each reload, also when no setting changed; an error becomes a note.
  using Always = std::function<Result<void>(const Config& in_force)>;

  // `apply` can change these settings without a restart.
  void AddLive(std::vector<std::string> paths, Apply apply);
  void AddAlways(Always always);

  // Errors: all those of the file; nothing has changed. A setting that needs a restart is listed by every
  // reload until then.
  Outcome Reload();

 private:
  struct Live {
    std::vector<std::string> paths;
    Apply apply;
  };

  const Flags flags_;
  std::mutex mutex_;
  Config in_force_;
  std::vector<Live> live_;
  std::vector<Always> always_;
};

}  // namespace candor::daemon
