// SPDX-License-Identifier: Apache-2.0
//
// What outlives the process, as the bytes of the state file:
//   candor-state 1 <FNV-1a 64 of the rest, 16 hexadecimal digits> <bytes of the rest>\n
//   candor.v1.SavedState, serialized
// Times in the file are wall-clock times as of `saved_at`, with the boot's identity and the boot clock beside
// them: what was saved on this boot is known by the boot clock, across any step of the wall clock; what
// another boot saved, by the wall clock. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "status/history.h"

namespace candor {

struct SavedState {
  WallTime at{};
  BootTime boot{};        // the same moment; the times below that are boot times are of this boot
  std::string boot_id;    // of the kernel (random/boot_id); empty: not known
  uint64_t sequence = 0;  // of the SnapshotStore
  std::string baseline;   // Judge::SaveBaseline; empty: none
  BootTime baseline_at{};
  Overrides overrides;
  std::vector<Transition> transitions;  // oldest first
};

std::string EncodeState(const SavedState& s);
// The same state on the boot `boot_id` at `boot`, which is `wall`. From another boot (or one that is not
// known) the time between is what the wall clock says, and none where it was set back meanwhile.
SavedState OnThisBoot(SavedState s, const std::string& boot_id, BootTime boot, WallTime wall);

// Damaged, cut-off, foreign or newer bytes are an error that says which.
Result<SavedState> DecodeState(std::string_view bytes);

}  // namespace candor
