// SPDX-License-Identifier: Apache-2.0
//
// The reasons of bpf/drops.h with names and remediations, and the counts. Values only, thread-safe.
// Tested in tests/probe/drops/drop_rules_test.cc.
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

// Lost between the wire and the socket for a reason that is not known: of captures alone, the kernel's
// counters have no such reason.
inline constexpr auto kNotDelivered = static_cast<candor_drop_reason>(CANDOR_DROP_MAX);

// The name in metrics and JSON: "receive_buffer".
std::string_view DropName(candor_drop_reason r);
// What happened to the datagram: "its UDP checksum was wrong".
std::string_view DropHelp(candor_drop_reason r);
// What an operator can do; empty when the reason is not counted in this direction.
std::string_view DropRemediation(candor_drop_reason r, candor_dir direction);
// Whether drops for this reason are counted in this direction.
bool IsDropCounted(candor_drop_reason r, candor_dir direction);

// "in", "out".
std::string_view DirectionName(candor_dir direction);

// Datagrams by direction and reason; monotonic.
using DropSums = std::array<std::array<uint64_t, CANDOR_DROP_MAX>, 2>;

// The sums with their availability.
struct DropEvidence {
  std::string unavailable = "the probes are not loaded";  // why; empty: `sums` are valid
  std::vector<std::string> unreported;  // names of the reasons that this kernel does not report
  uint64_t unattributed = 0;            // datagrams of unknown network namespace, not in sums
  DropSums sums{};
  uint64_t lost_read = 0;    // dropped packets whose first bytes were read (FlowSource::TakeLost)
  uint64_t lost_unread = 0;  // ... that were not: more than the bound of bpf/drops.h, or the ring was full
  uint64_t lost_cut = 0;     // ... read without the bytes outside of the packet's linear memory
  std::array<std::array<Time, CANDOR_DROP_MAX>, 2> last{};  // when each last increased; Time{}: never
};

// Calls `visit(direction, reason)` for each counted pair.
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
