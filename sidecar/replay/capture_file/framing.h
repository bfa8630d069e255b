// SPDX-License-Identifier: Apache-2.0
//
// The framing of packets in a capture file: one implementation for each file format. One thread.
// Tested by tests/replay/capture_file/capture_reader_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "replay/capture_file/byte_stream.h"

namespace candor {

// A packet of the capture. `bytes` is valid until the next packet is read.
struct CapturedPacket {
  Time time{};  // since 1970; a pcapng Simple Packet has none and takes that of the packet before it
  uint16_t link_type = 0;          // LINKTYPE_* of the interface it was seen on
  std::span<const uint8_t> bytes;  // from the link layer on; cut at the snap length
  uint32_t wire_length = 0;        // bytes on the wire, >= bytes.size()
  // The timestamp is out of range. `time` is its second without the fraction (pcap), or that of the packet
  // before (pcapng).
  bool invalid_timestamp = false;
};

class Framing {
 public:
  virtual ~Framing() = default;
  // True: `packet` is the next one. False: the file ended between two packets. An error names the byte and
  // what was expected there; it is final.
  virtual Result<bool> Next(ByteStream& in, CapturedPacket* packet) = 0;
  // Packets lost by the capture, by the file's own count (pcapng Interface Statistics).
  virtual uint64_t lost() const { return 0; }
};

// The longest packet, in bytes (MAXIMUM_SNAPLEN of libpcap): a longer one is damage.
inline constexpr uint32_t kMaxCaptured = 262144;

// "at byte N: `what`".
tl::unexpected<Error> Damaged(uint64_t offset, const std::string& what);
// The file ends, or cannot be read, before the `n` bytes of `what` that begin at in.offset().
tl::unexpected<Error> CutOff(const ByteStream& in, size_t n, const std::string& what);

}  // namespace candor
