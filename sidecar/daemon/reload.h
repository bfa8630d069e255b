// SPDX-License-Identifier: Apache-2.0
//
// Reads the configuration again and applies what can be applied live. Thread-safe: one reload at a time.
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
  // Applies its settings of `next`, and writes them into `in_force`.
  using Apply = std::function<void(const Config& next, Config& in_force)>;

  Reloader(Flags flags, Config in_force) : flags_(std::move(flags)), in_force_(std::move(in_force)) {}

  // Called at the end of each reload, whether settings changed or not; an error becomes a note.
  using Always = std::function<Result<void>(const Config& in_force)>;

  // Settings that `apply` can change live.
  void AddLive(std::vector<std::string> paths, Apply apply);
  void AddAlways(Always read_again);

  // Errors: the file is broken, nothing has changed. A setting that needs a restart is named each time until
  // candord was restarted.
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
