// SPDX-License-Identifier: Apache-2.0
//
// The counters of bpf/abi.h with their names. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "bpf/abi.h"

namespace candor {

using Counters = std::array<uint64_t, CANDOR_C_MAX>;

// The name in metrics and JSON: "stun_attributes_cut".
std::string_view CounterName(candor_counter c);
// The help text: one phrase.
std::string_view CounterHelp(candor_counter c);

}  // namespace candor
