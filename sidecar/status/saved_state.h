// SPDX-License-Identifier: Apache-2.0
//
// The state that outlives candord, as values; serve/state_file.h has its bytes. Pure.
#pragma once

#include <string>
#include <vector>

#include "status/history.h"
#include "verdict/server_status.h"

namespace candor {

struct SavedState {
  WallTime at{};
  BootTime boot{};        // the same moment; every BootTime below is of this boot
  std::string boot_id;    // /proc/sys/kernel/random/boot_id; empty: not known
  uint64_t sequence = 0;  // Snapshot::sequence
  std::string baseline;   // Judge::SaveBaseline of the only server; empty: there is none, or several
  std::vector<ServerBaseline> servers;  // of all; empty: of a version that knew one server only
  BootTime baseline_at{};
  Overrides overrides;
  std::vector<Transition> transitions;  // oldest first
};

// The same state with its boot times moved to the boot `boot_id`, whose clock reads `boot` when the wall
// clock reads `wall`. State of the same boot keeps its times, so that a step of the wall clock has no effect.
// For state of another or unknown boot the time in between is taken from the wall clock, at least zero.
SavedState OnThisBoot(SavedState s, const std::string& boot_id, BootTime boot, WallTime wall);

}  // namespace candor
