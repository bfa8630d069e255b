// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "daemon/paths.h"
#include "serve/state_file.h"

namespace candor::daemon {

// Of the running kernel; "" without /proc/sys, as in some containers.
const std::string& BootId();

// What an earlier process left at `path`, with its times on this boot. Neither state nor error: there is no
// file. A file that cannot be used is renamed to "<path>.damaged"; `error` has the reason.
struct PreviousState {
  std::optional<SavedState> state;
  std::string error;
};
PreviousState ReadPreviousState(const std::string& path);

// Where the state is kept, and what an earlier process left there.
struct StateFile {
  std::string path;     // empty: nothing is kept
  std::string why_not;  // then: "the setting state_file is off", ...
  UniqueFd lock;        // empty: this process may not write the file yet
  std::optional<SavedState> previous;
};

// Logs a warning when nothing is kept, unless the setting is off. `take_over`: another candord owns the file
// until it has ended; its state is read all the same.
StateFile OpenStateFile(const std::string& setting, const ServiceFolders& folders, bool take_over);

}  // namespace candor::daemon
