// SPDX-License-Identifier: Apache-2.0
//
// Calls of the servers into the daemon, on the servers' threads. Each may be empty; the RPC that needs it
// then fails. Tested in tests/serve/admin_service_test.cc.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "status/history.h"

namespace candor {

struct ReloadOutcome {
  std::string config_file;           // empty: there is none
  std::vector<std::string> applied;  // "log_level: info -> debug"
  std::vector<std::string> restart;  // changed, but read at start only
  std::vector<std::string> notes;
};

// Changes the overrides in force. It is called twice, for the saved ones and for the SnapshotStore, and has
// to have the same effect each time.
using OverrideChange = std::function<void(Overrides&)>;

struct DaemonHooks {
  // Writes and syncs the overrides after `change`, then puts them in force. On failure neither happens, and
  // the error has the reason. With `allow_unsaved` they are in force even when they cannot be written. The
  // value: why the overrides end with this process; empty: they are on disk.
  std::function<Result<std::string>(const OverrideChange& change, bool allow_unsaved)> apply_override;
  // On failure: every error of the file with its place; nothing has changed.
  std::function<tl::expected<ReloadOutcome, std::vector<std::string>>()> reload;
  std::function<Result<std::string>()> reset_baseline;  // value and error as those of apply_override
  std::function<void(const Transition&)> on_operator_action;
  std::function<void(bool is_error, const std::string& text)> log;
};

}  // namespace candor
