// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/pcapng_framing.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor {
namespace {

enum BlockType : uint32_t {
  kInterface = 1,
  kObsoletePacket = 2,
  kSimplePacket = 3,
  kStatistics = 5,
  kEnhancedPacket = 6,
};
constexpr uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr size_t kLeastBlock = 12;    // type and two lengths
constexpr size_t kLeastSection = 28;  // with order, version and section length
// Bounds memory; no host has so many.
constexpr size_t kMostInterfaces = 65536;

// Iterates over the options at `p`. Next() is false when no complete option is left.
struct Options {
  ByteOrder order;
  const uint8_t* p;
  size_t left;
  uint16_t code = 0;
  uint16_t length = 0;
  const uint8_t* value = nullptr;

  bool Next() {
    if (left < 4) return false;
    code = order.U16(p);
    length = order.U16(p + 2);
    const size_t padded = 4 + (size_t{length} + 3) / 4 * 4;
    if (code == 0 || padded > left) return false;
    value = p + 4;
    p += padded;
    left -= padded;
    return true;
  }
};

tl::unexpected<Error> TooShort(uint64_t offset, const char* what, size_t least, size_t found) {
  return Damaged(offset, fmt::format("expected {} of at least {} bytes, found {}", what, least, found));
}

}  // namespace

Result<size_t> PcapngFraming::BlockLength(ByteStream& in) {
  if (!in.Need(kLeastBlock)) return CutOff(in, kLeastBlock, "a pcapng block");
  if (kNetworkOrder.U32(in.data()) == kMagic) {
    const uint8_t* magic = in.data() + 8;
    order_.big = ByteOrder{true}.U32(magic) == kByteOrderMagic;
    if (!order_.big && order_.U32(magic) != kByteOrderMagic) {
      return Damaged(in.offset() + 8, fmt::format("expected the byte-order magic 1a2b3c4d of a section, "
                                                  "found {:08x}",
                                                  kNetworkOrder.U32(magic)));
    }
  }
  const uint32_t length = order_.U32(in.data() + 4);
  if (length < kLeastBlock || length % 4 != 0 || length > ByteStream::kMaxNeeded) {
    return Damaged(in.offset() + 4,
                   fmt::format("expected a block length that is a multiple of 4 from {} to {}, found {}",
                               kLeastBlock, ByteStream::kMaxNeeded, length));
  }
  return length;
}

Result<PcapngFraming::Block> PcapngFraming::Read(ByteStream& in) {
  const auto length = BlockLength(in);
  if (!length) return tl::make_unexpected(length.error());
  if (!in.Need(*length)) return CutOff(in, *length, "a pcapng block");
  const uint8_t* p = in.data();
  const Block b{order_.U32(p), in.offset(), p + 8, *length - kLeastBlock};
  if (const uint32_t again = order_.U32(p + *length - 4); again != *length) {
    return Damaged(in.offset() + *length - 4,
                   fmt::format("expected the block's length {} again, found {}", *length, again));
  }
  in.Skip(*length);
  return b;
}

Result<bool> PcapngFraming::Next(ByteStream& in, CapturedPacket* packet) {
  while (in.Need(1)) {
    const auto block = Read(in);
    if (!block) return tl::make_unexpected(block.error());
    auto packet_found = Take(*block, packet);
    if (!packet_found || *packet_found) return packet_found;
  }
  if (in.read_error() != 0) return CutOff(in, kLeastBlock, "a pcapng block");
  return false;
}

Result<bool> PcapngFraming::Take(const Block& b, CapturedPacket* packet) {
  switch (b.type) {
    case kMagic:
      return BeginSection(b);
    case kInterface:
      return AddInterface(b);
    case kEnhancedPacket:
      return TakeTimed(b, true, packet);
    case kObsoletePacket:
      return TakeTimed(b, false, packet);
    case kSimplePacket:
      return TakeSimple(b, packet);
    case kStatistics:
      return NoteStatistics(b);
    default:
      return false;
  }
}

Result<bool> PcapngFraming::BeginSection(const Block& b) {
  const size_t whole = b.body_bytes + kLeastBlock;
  if (whole < kLeastSection) return TooShort(b.offset, "a section header", kLeastSection, whole);
  if (const unsigned major = order_.U16(b.body + 4); major != 1) {
    return Damaged(b.offset + 12,
                   fmt::format("expected pcapng version 1, found {}.{}", major, order_.U16(b.body + 6)));
  }
  interfaces_.clear();
  return false;
}

Result<bool> PcapngFraming::AddInterface(const Block& b) {
  if (b.body_bytes < 8) return TooShort(b.offset, "an interface description", 20, b.body_bytes + kLeastBlock);
  if (interfaces_.size() == kMostInterfaces) {
    return Damaged(b.offset, fmt::format("expected at most {} interfaces in a section", kMostInterfaces));
  }
  Interface i;
  i.link_type = order_.U16(b.body);
  i.snap_length = order_.U32(b.body + 4);
  Options o{order_, b.body + 8, b.body_bytes - 8};
  while (o.Next()) {
    if (o.code == 9 && o.length >= 1) i.clock.resolution = o.value[0];
    if (o.code == 14 && o.length >= 8) i.clock.offset_seconds = static_cast<int64_t>(order_.U64(o.value));
  }
  interfaces_.push_back(i);
  return false;
}

// The counts are totals from the start of the capture: the last block of an interface has its final ones.
Result<bool> PcapngFraming::NoteStatistics(const Block& b) {
  if (b.body_bytes < 12) return TooShort(b.offset, "interface statistics", 24, b.body_bytes + kLeastBlock);
  const uint32_t index = order_.U32(b.body);
  if (index >= interfaces_.size()) return false;
  uint64_t lost = 0;
  Options o{order_, b.body + 12, b.body_bytes - 12};
  while (o.Next()) {
    // isb_ifdrop and isb_osdrop: lost by the interface, and by the operating system.
    if ((o.code == 5 || o.code == 7) && o.length >= 8) lost += order_.U64(o.value);
  }
  lost_ += lost - interfaces_[index].lost;
  interfaces_[index].lost = lost;
  return false;
}

Result<bool> PcapngFraming::TakeTimed(const Block& b, bool enhanced, CapturedPacket* packet) {
  if (b.body_bytes < 20) return TooShort(b.offset, "a packet block", 32, b.body_bytes + kLeastBlock);
  const uint32_t index = enhanced ? order_.U32(b.body) : order_.U16(b.body);
  if (index >= interfaces_.size()) {
    return Damaged(b.offset + 8, fmt::format("expected one of the section's {} interfaces, found number {}",
                                             interfaces_.size(), index));
  }
  const uint32_t captured = order_.U32(b.body + 12);
  if (captured > std::min<size_t>(kMaxCaptured, b.body_bytes - 20)) {
    return Damaged(b.offset + 20, fmt::format("expected at most the {} bytes of the packet block (and {}) as "
                                              "captured length, found {}",
                                              b.body_bytes - 20, kMaxCaptured, captured));
  }
  const Interface& i = interfaces_[index];
  const uint64_t ticks = (uint64_t{order_.U32(b.body + 4)} << 32) | order_.U32(b.body + 8);
  const auto time = i.clock.At(ticks);
  if (time) last_ = *time;
  *packet = {last_, i.link_type, {b.body + 20, captured}, std::max(captured, order_.U32(b.body + 16)), !time};
  return true;
}

Result<bool> PcapngFraming::TakeSimple(const Block& b, CapturedPacket* packet) {
  if (b.body_bytes < 4) return TooShort(b.offset, "a simple packet block", 16, b.body_bytes + kLeastBlock);
  if (interfaces_.empty()) return Damaged(b.offset, "expected an interface description before a packet");
  const Interface& i = interfaces_.front();
  const uint32_t wire = order_.U32(b.body);
  const uint32_t limit = i.snap_length == 0 ? kMaxCaptured : std::min(i.snap_length, kMaxCaptured);
  const uint32_t captured = std::min({wire, limit, static_cast<uint32_t>(b.body_bytes - 4)});
  *packet = {last_, i.link_type, {b.body + 4, captured}, wire, false};
  return true;
}

}  // namespace candor
