// SPDX-License-Identifier: Apache-2.0
//
// The reasons of bpf/drops.h with their names, and what was counted of them. Values only.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "bpf/abi.h"
#include "bpf/drops.h"

namespace candor {

// Stable snake_case name ("receive_buffer") for machines and metrics.
std::string_view DropName(candor_drop_reason r);
// What happened to the datagram, as the end of a sentence that it begins: "its UDP checksum was wrong".
std::string_view DropHelp(candor_drop_reason r);
// What an operator can do about it.
std::string_view DropRemediation(candor_drop_reason r, candor_dir direction);
// Whether drops for this reason are counted in this direction.
bool IsDropCounted(candor_drop_reason r, candor_dir direction);

// "in", "out".
std::string_view DirectionName(candor_dir direction);

// Datagrams by direction and reason; they only grow.
using DropSums = std::array<std::array<uint64_t, CANDOR_DROP_MAX>, 2>;

// The same for people, with the reason where there is none.
struct DropEvidence {
  std::string unavailable = "the probes are not loaded";  // why; empty: `sums` are there
  std::vector<std::string> unreported;  // names of reasons that this kernel does not tell: never counted
  uint64_t unattributed = 0;  // datagrams of which the kernel did not tell in which namespace: not in sums
  DropSums sums{};
  std::array<std::array<Time, CANDOR_DROP_MAX>, 2>
      last{};  // when each was last seen to have grown; Time{}: never
};

// Calls `visit(direction, reason)` for each pair that is counted.
template <class Visit>
void ForEachDrop(const Visit& visit) {
  for (const candor_dir direction : {CANDOR_IN, CANDOR_OUT}) {
    for (int r = CANDOR_DROP_NONE + 1; r < CANDOR_DROP_MAX; ++r) {
      const auto reason = static_cast<candor_drop_reason>(r);
      if (IsDropCounted(reason, direction)) visit(direction, reason);
    }
  }
}

}  // namespace candor
