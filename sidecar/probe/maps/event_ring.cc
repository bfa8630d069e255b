// SPDX-License-Identifier: Apache-2.0
#include "probe/maps/event_ring.h"

#include <bpf/libbpf.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace candor {
namespace {

constexpr size_t kMostAtOnce = 8192;
// Returned by OnRecord to stop; ring_buffer__poll returns it and counts the record as read.
constexpr int kEnough = -ECANCELED;

int Milliseconds(Duration d) {
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(d).count());
}

}  // namespace

Result<FlowEvent> DecodeEvent(const void* data, size_t size) {
  candor_event raw{};
  if (size < sizeof raw) {
    return Fail("a ring record has " + std::to_string(size) + " bytes, expected " +
                std::to_string(sizeof raw));
  }
  std::memcpy(&raw, data, sizeof raw);
  if (raw.kind != CANDOR_EVENT_FLOW) {
    return Fail("a ring record is of the unknown kind " + std::to_string(raw.kind));
  }
  // Users index arrays by these.
  if (raw.flow.phase > CANDOR_PHASE_ACTIVE || raw.flow.waiting_on > CANDOR_WAITING_ON_PATH ||
      raw.flow.ufrag_len > CANDOR_UFRAG_TEXT) {
    return Fail("a ring record has a phase, a waiting side or a length that this version does not have");
  }
  return FlowEvent{TimeFromNanos(raw.time_ns), raw.key, raw.flow};
}

Result<std::unique_ptr<EventRing>> EventRing::Open(int map_fd) {
  std::unique_ptr<EventRing> out(new EventRing);
  out->ring_ = ring_buffer__new(map_fd, &EventRing::OnRecord, out.get(), nullptr);
  if (out->ring_ == nullptr) return FailErrno("cannot map the event ring", errno);
  return out;
}

int EventRing::descriptor() const { return ring_buffer__epoll_fd(ring_); }

EventRing::~EventRing() { ring_buffer__free(ring_); }

int EventRing::OnRecord(void* self, void* data, size_t size) noexcept {
  auto* ring = static_cast<EventRing*>(self);
  const auto event = DecodeEvent(data, size);
  if (!event) {
    ring->decoded_ = tl::make_unexpected(event.error());
    return kEnough;
  }
  (*ring->sink_)(*event);
  return ++ring->delivered_ >= kMostAtOnce ? kEnough : 0;
}

Result<size_t> EventRing::Poll(Duration timeout, const Sink& sink) {
  sink_ = &sink;
  delivered_ = 0;
  int rc = ring_buffer__poll(ring_, Milliseconds(timeout));
  // The kernel sends no wakeup for a few events: read those that arrived meanwhile.
  if (rc == 0) rc = ring_buffer__consume(ring_);
  sink_ = nullptr;
  if (!decoded_) return tl::make_unexpected(decoded_.error());
  if (rc < 0 && rc != kEnough && rc != -EINTR) return FailErrno("cannot read the event ring", -rc);
  return delivered_;
}

}  // namespace candor
