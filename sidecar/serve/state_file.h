// SPDX-License-Identifier: Apache-2.0
//
// The bytes of the state file. Pure.
//   candor-state 1 <FNV-1a 64 of the rest, 16 hexadecimal digits> <bytes of the rest>\n
//   candor.v1.SavedState, serialized
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "status/saved_state.h"

namespace candor {

std::string EncodeState(const SavedState& s);

// The error states whether the bytes are damaged, cut off, of another format or of a newer version.
Result<SavedState> DecodeState(std::string_view bytes);

}  // namespace candor
