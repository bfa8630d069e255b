// SPDX-License-Identifier: Apache-2.0
#include "probe/drops/lost_ring.h"

#include <bpf/libbpf.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace candor {
namespace {

// Returned by OnRecord to stop; ring_buffer__consume() counts the record as read.
constexpr int kEnough = -ECANCELED;

}  // namespace

Result<LostPacket> DecodeLost(const void* data, size_t size) {
  candor_lost raw{};
  if (size < sizeof raw) {
    return Fail("a record of a dropped packet has " + std::to_string(size) + " bytes, expected " +
                std::to_string(sizeof raw));
  }
  std::memcpy(&raw, data, sizeof raw);
  // Users index arrays by these.
  if (raw.direction > CANDOR_OUT || raw.reason == CANDOR_DROP_NONE || raw.reason >= CANDOR_DROP_MAX ||
      raw.captured > CANDOR_LOST_BYTES) {
    return Fail("a record of a dropped packet has a direction, a reason or a length that is none");
  }
  LostPacket out;
  out.at = TimeFromNanos(raw.time_ns);
  out.direction = static_cast<candor_dir>(raw.direction);
  out.reason = static_cast<candor_drop_reason>(raw.reason);
  out.cgroup_id = raw.cgroup_id;
  out.segments = raw.segments;
  out.length = raw.length;
  out.captured = raw.captured;
  std::memcpy(out.head.data(), raw.head, out.captured);
  return out;
}

Result<std::unique_ptr<LostRing>> LostRing::Open(int map_fd) {
  std::unique_ptr<LostRing> out(new LostRing);
  out->ring_ = ring_buffer__new(map_fd, &LostRing::OnRecord, out.get(), nullptr);
  if (out->ring_ == nullptr) return FailErrno("cannot map the ring of dropped packets", errno);
  return out;
}

LostRing::~LostRing() { ring_buffer__free(ring_); }

int LostRing::OnRecord(void* self, void* data, size_t size) noexcept {
  auto* ring = static_cast<LostRing*>(self);
  if (const auto lost = DecodeLost(data, size)) {
    (*ring->sink_)(*lost);
    ++ring->taken_;
  }
  return ring->taken_ >= DropReader::kLostAtOnce ? kEnough : 0;
}

size_t LostRing::Take(const DropReader::LostSink& sink) {
  sink_ = &sink;
  taken_ = 0;
  static_cast<void>(ring_buffer__consume(ring_));
  sink_ = nullptr;
  return taken_;
}

}  // namespace candor
