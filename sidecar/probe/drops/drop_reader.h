// SPDX-License-Identifier: Apache-2.0
//
// Why datagrams are dropped, as KernelSource needs it; tests put an in-memory one in its place.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flow/drop_reasons.h"

namespace candor {

// One thread drives it. Neither call asks anything of the kernel.
class DropReader {
 public:
  struct Reading {
    DropSums sums{};
    uint64_t unattributed = 0;  // DropEvidence::unattributed
  };
  virtual ~DropReader() = default;

  // Counts in these network namespaces from now on (candor_drops::namespaces), and in no other. Of more than
  // CANDOR_DROP_NAMESPACES the first.
  virtual void Watch(const std::vector<uint32_t>& namespaces) = 0;
  // Sums since it was made.
  virtual Reading Read() const = 0;
};

struct LoadedDrops {
  std::unique_ptr<DropReader> reader;   // null: there is none
  std::string unavailable;              // why, with what stands for it
  std::vector<std::string> unreported;  // DropEvidence::unreported
  // Where the kernel has not returned yet: asks for what came of it, once; empty while nothing has.
  std::function<std::optional<LoadedDrops>()> late = {};
};

// Takes a reading over: the sums, and `now` as the time of what has grown.
void Note(const DropReader::Reading& reading, Time now, DropEvidence* evidence);

}  // namespace candor
