// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/pcap_framing.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor {
namespace {

constexpr uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr uint32_t kNanoseconds = 0xa1b23c4d;
constexpr uint32_t kModified = 0xa1b2cd34;
constexpr size_t kFileHeader = 24;

bool IsMagic(uint32_t m) { return m == kMicroseconds || m == kNanoseconds || m == kModified; }

}  // namespace

bool PcapFraming::Recognizes(const uint8_t* head) {
  return IsMagic(ByteOrder{true}.U32(head)) || IsMagic(ByteOrder{false}.U32(head));
}

Result<std::unique_ptr<Framing>> PcapFraming::Open(ByteStream& in) {
  if (!in.Need(kFileHeader)) return CutOff(in, kFileHeader, "a pcap file header");
  auto f = std::make_unique<PcapFraming>();
  const uint8_t* p = in.data();
  f->order_.big = IsMagic(ByteOrder{true}.U32(p));
  const uint32_t magic = f->order_.U32(p);
  f->fraction_ns_ = magic == kNanoseconds ? 1 : 1000;
  f->header_bytes_ = magic == kModified ? 24 : 16;
  const unsigned major = f->order_.U16(p + 4), minor = f->order_.U16(p + 6);
  if (major != 2 || minor != 4) {
    return Damaged(in.offset() + 4, fmt::format("expected pcap version 2.4, found {}.{}", major, minor));
  }
  // The upper bits have the length of a frame check sequence; link types have 16 bits.
  f->link_type_ = static_cast<uint16_t>(f->order_.U32(p + 20) & 0xffff);
  in.Skip(kFileHeader);
  return std::unique_ptr<Framing>(std::move(f));
}

Result<bool> PcapFraming::Next(ByteStream& in, CapturedPacket* packet) {
  if (!in.Need(header_bytes_)) {
    if (in.available() == 0 && in.read_error() == 0) return false;
    return CutOff(in, header_bytes_, "a packet's header");
  }
  const uint8_t* p = in.data();
  const uint64_t seconds = order_.U32(p), fraction = order_.U32(p + 4);
  const uint32_t captured = order_.U32(p + 8), wire = order_.U32(p + 12);
  if (captured > kMaxCaptured) {
    return Damaged(in.offset() + 8, fmt::format("expected a packet of at most {} captured bytes, found {}",
                                                kMaxCaptured, captured));
  }
  if (!in.Need(header_bytes_ + captured)) {
    return CutOff(in, header_bytes_ + captured, "a packet with its header");
  }
  // Some writers round up to 1000000 microseconds: such a packet is marked, and reading goes on.
  const uint64_t fraction_ns = fraction * fraction_ns_;
  packet->invalid_timestamp = fraction_ns >= 1000000000u;
  packet->time = TimeFromNanos(seconds * 1000000000u + (packet->invalid_timestamp ? 0 : fraction_ns));
  packet->link_type = link_type_;
  packet->bytes = {in.data() + header_bytes_, captured};
  packet->wire_length = std::max(wire, captured);
  in.Skip(header_bytes_ + captured);
  return true;
}

}  // namespace candor
