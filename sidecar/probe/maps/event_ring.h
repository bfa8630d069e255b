// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "base/result.h"
#include "flow/flow.h"

struct ring_buffer;

namespace candor {

// A ring record as a value; an error when its size, its kind or an enumerator in it is not one of
// this version's (bpf/abi.h).
Result<FlowEvent> DecodeEvent(const void* data, size_t size);

// Reads the kernel's event ring. One thread.
class EventRing {
 public:
  using Sink = std::function<void(const FlowEvent&)>;

  static Result<std::unique_ptr<EventRing>> Open(int map_fd);
  ~EventRing();
  EventRing(const EventRing&) = delete;
  EventRing& operator=(const EventRing&) = delete;

  // Waits at most `timeout` (rounded up to a millisecond) and delivers what is there then, at most 8192, so
  // that a flood cannot keep the caller. Comes back sooner when events lie there already or a quarter of the
  // ring is full: for less nobody is woken. An undecodable record is an error: the object is of another
  // version.
  Result<size_t> Poll(Duration timeout, const Sink& sink);
  int descriptor() const;  // readable when Poll() would come back at once

 private:
  EventRing() = default;
  static int OnRecord(void* self, void* data, size_t size) noexcept;

  ring_buffer* ring_ = nullptr;
  const Sink* sink_ = nullptr;  // during Poll only
  size_t delivered_ = 0;
  Result<void> decoded_{};
};

}  // namespace candor
