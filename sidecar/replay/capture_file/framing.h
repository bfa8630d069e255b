// SPDX-License-Identifier: Apache-2.0
//
// How packets lie in a capture file. One implementation per file format; one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "replay/capture_file/byte_stream.h"

namespace candor {

// One packet as the capture holds it. `bytes` is valid until the next packet is read.
struct CapturedPacket {
  Time time{};  // since 1970; one without a time of its own (pcapng Simple Packet) has its predecessor's
  uint16_t link_type = 0;          // LINKTYPE_* of the interface it was seen on
  std::span<const uint8_t> bytes;  // from the link layer on; cut at the snap length
  uint32_t wire_length = 0;        // bytes on the wire, >= bytes.size()
  // The stamp says what no time can be. `time` is its second without the fraction (pcap), or as if the
  // packet had no time of its own (pcapng).
  bool invalid_timestamp = false;
};

class Framing {
 public:
  virtual ~Framing() = default;
  // True: `packet` is the next one. False: the file ended where a file may end. An error says at which
  // byte what was expected; it is final.
  virtual Result<bool> Next(ByteStream& in, CapturedPacket* packet) = 0;
  // Packets that the file itself says the capture lost (pcapng interface statistics).
  virtual uint64_t lost() const { return 0; }
};

// The most that a snap length may be (libpcap's MAXIMUM_SNAPLEN): a longer packet is damage, not data.
inline constexpr uint32_t kMaxCaptured = 262144;

// "at byte N: `what`".
tl::unexpected<Error> Damaged(uint64_t offset, const std::string& what);
// The file ends, or cannot be read, before the `n` bytes of `what` that begin at in.offset().
tl::unexpected<Error> CutOff(const ByteStream& in, size_t n, const std::string& what);

// Reads the file header and takes the reader that fits it.
Result<std::unique_ptr<Framing>> OpenFraming(ByteStream& in);

}  // namespace candor
