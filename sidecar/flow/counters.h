// SPDX-License-Identifier: Apache-2.0
//
// The counters of bpf/abi.h with their names. Every drop has one.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "bpf/abi.h"

namespace candor {

using Counters = std::array<uint64_t, CANDOR_C_MAX>;

// Stable snake_case name ("stun_attributes_cut") for machines and metrics.
std::string_view CounterName(candor_counter c);
// One sentence for people.
std::string_view CounterHelp(candor_counter c);

}  // namespace candor
