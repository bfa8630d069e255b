// SPDX-License-Identifier: Apache-2.0
//
// Reads the ring of dropped packets (bpf/drops.bpf.c). Only mapped memory: no system call, no capability.
// Tested in tests/probe/drops/lost_ring_test.cc and lost_packets_test.cc.
#pragma once

#include <cstddef>
#include <memory>

#include "base/result.h"
#include "probe/drops/drop_reader.h"

struct ring_buffer;

namespace candor {

// A ring record as a value; an error when its size or a number in it does not belong to this version of
// bpf/drops.h. Thread-safe.
Result<LostPacket> DecodeLost(const void* data, size_t size);

// Used by one thread.
class LostRing {
 public:
  static Result<std::unique_ptr<LostRing>> Open(int map_fd);
  ~LostRing();
  LostRing(const LostRing&) = delete;
  LostRing& operator=(const LostRing&) = delete;

  // As DropReader::TakeLost(). A record that cannot be decoded is left out.
  size_t Take(const DropReader::LostSink& sink);

 private:
  LostRing() = default;
  static int OnRecord(void* self, void* data, size_t size) noexcept;

  ring_buffer* ring_ = nullptr;
  const DropReader::LostSink* sink_ = nullptr;  // during Take() only
  size_t taken_ = 0;
};

}  // namespace candor
