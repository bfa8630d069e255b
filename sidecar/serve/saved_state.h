// SPDX-License-Identifier: Apache-2.0
//
// What outlives the process, as the bytes of the state file:
//   candor-state 1 <FNV-1a 64 of the rest, 16 hexadecimal digits> <bytes of the rest>\n
//   candor.v1.SavedState, serialized
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "serve/history.h"

namespace candor {

struct SavedState {
  WallTime at{};
  uint64_t sequence = 0;  // of the Board
  std::string baseline;   // Judge::SaveBaseline; empty: none
  WallTime baseline_at{};
  Interventions orders;
  std::vector<Transition> transitions;  // oldest first
};

std::string EncodeState(const SavedState& s);
// Damaged, cut-off, foreign or newer bytes are an error that says which.
Result<SavedState> DecodeState(std::string_view bytes);

}  // namespace candor
