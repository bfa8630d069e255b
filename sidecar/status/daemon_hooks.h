// SPDX-License-Identifier: Apache-2.0
//
// What the servers ask of the daemon. Called on their threads; all of it may be empty, and is refused then.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "serve/state_file.h"

namespace candor {

struct ReloadOutcome {
  std::string config_file;           // empty: there is none
  std::vector<std::string> applied;  // "log_level: info -> debug"
  std::vector<std::string> restart;  // changed, and read at start only
  std::vector<std::string> notes;
};

// Alters what is in force. Called twice, on what is saved and on the SnapshotStore, so it does the same each
// time.
using OverrideChange = std::function<void(Overrides&)>;

struct DaemonHooks {
  // Writes what `change` makes of the orders in force, syncs it, and then puts it in force; or neither, and
  // the error says why. The value: why the order ends with this candord all the same; empty: it is on disk.
  // `allow_unsaved`: in force whatever became of the writing.
  std::function<Result<std::string>(const OverrideChange& change, bool allow_unsaved)> apply_override;
  // On failure: every error of the file with its place; nothing has changed.
  std::function<tl::expected<ReloadOutcome, std::vector<std::string>>()> reload;
  std::function<Result<std::string>()> reset_baseline;  // the value and the error as of `order`
  std::function<SavedState()> state;
  // An operator's act, as it stands in the history.
  std::function<void(const Transition&)> on_operator_action;
  // Something that an operator should read in the log.
  std::function<void(bool bad, const std::string& text)> log;
};

}  // namespace candor
