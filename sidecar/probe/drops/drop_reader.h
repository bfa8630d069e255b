// SPDX-License-Identifier: Apache-2.0
//
// Drops by reason, as KernelSource reads them; tests use an in-memory implementation.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flow/drop_reasons.h"
#include "flow/lost_packet.h"

namespace candor {

// Used by one thread. No call makes a system call.
class DropReader {
 public:
  struct Reading {
    DropSums sums{};
    uint64_t unattributed = 0;  // as in DropEvidence, like those below
    uint64_t lost_read = 0, lost_unread = 0, lost_cut = 0;
  };
  using LostSink = std::function<void(const LostPacket&)>;
  virtual ~DropReader() = default;

  // Counts in these network namespaces only, from now on (candor_drops::namespaces); at most the first
  // CANDOR_DROP_NAMESPACES.
  virtual void Watch(const std::vector<uint32_t>& namespaces) = 0;
  // Sums since the reader was created.
  virtual Reading Read() const = 0;
  // Delivers the dropped packets that were read since the last call, oldest first on each CPU, and returns
  // their number: at most kLostAtOnce, the rest at the next call. The bounds are those of bpf/drops.h.
  virtual size_t TakeLost(const LostSink& sink) = 0;
  static constexpr size_t kLostAtOnce = 2048;
};

struct LoadedDrops {
  std::unique_ptr<DropReader> reader;   // null: unavailable
  std::string unavailable;              // the reason, with the substitute
  std::vector<std::string> unreported;  // DropEvidence::unreported
  // While the load has not returned: yields its result once; nullopt until then.
  std::function<std::optional<LoadedDrops>()> late = {};
};

// Stores a reading: the sums, and `now` as the time of those that increased.
void Note(const DropReader::Reading& reading, Time now, DropEvidence* evidence);

}  // namespace candor
