// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "base/result.h"
#include "flow/flow.h"

struct ring_buffer;

namespace candor {

// A ring record as a value; an error when its size, kind or an enumerator does not belong to this version of
// bpf/abi.h. Thread-safe.
Result<FlowEvent> DecodeEvent(const void* data, size_t size);

// Reads the kernel's event ring. Used by one thread.
class EventRing {
 public:
  using Sink = std::function<void(const FlowEvent&)>;

  static Result<std::unique_ptr<EventRing>> Open(int map_fd);
  ~EventRing();
  EventRing(const EventRing&) = delete;
  EventRing& operator=(const EventRing&) = delete;

  // Waits at most `timeout` (rounded up to a millisecond), then delivers the events in the ring, at most
  // 8192, so that a flood does not keep the caller. Returns early when events are present at the call or a
  // quarter of the ring is full: the kernel does not wake the reader for fewer. A record that cannot be
  // decoded is an error.
  Result<size_t> Poll(Duration timeout, const Sink& sink);
  int descriptor() const;  // readable when Poll() would not wait

 private:
  EventRing() = default;
  static int OnRecord(void* self, void* data, size_t size) noexcept;

  ring_buffer* ring_ = nullptr;
  const Sink* sink_ = nullptr;  // during Poll only
  size_t delivered_ = 0;
  Result<void> decoded_{};
};

}  // namespace candor
