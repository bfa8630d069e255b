// SPDX-License-Identifier: Apache-2.0
//
// The pcap file format, version 2.4 (draft-ietf-opsawg-pcap; all fields in the writer's byte order):
//
//   file    magic(4) major(2) minor(2) zone(4) sigfigs(4) snaplen(4) FCS+link type(4)
//   packet  seconds(4) fraction(4) captured length(4) wire length(4), then the captured bytes
//
// magic a1b2c3d4: microseconds; a1b23c4d: nanoseconds; a1b2cd34: microseconds and 8 more bytes (interface
// index, protocol, packet type) in each packet's header.
// Tested by tests/replay/capture_file/capture_reader_test.cc.
#pragma once

#include <memory>

#include "replay/byte_order.h"
#include "replay/capture_file/framing.h"

namespace candor {

class PcapFraming final : public Framing {
 public:
  // Whether the four bytes at `head` are a magic number of this format, in either byte order.
  static bool Recognizes(const uint8_t* head);
  static Result<std::unique_ptr<Framing>> Open(ByteStream& in);

  Result<bool> Next(ByteStream& in, CapturedPacket* packet) override;

 private:
  ByteOrder order_;
  uint32_t fraction_ns_ = 1000;  // nanoseconds in a unit of a packet's fraction
  size_t header_bytes_ = 16;     // of one packet
  uint16_t link_type_ = 0;
};

}  // namespace candor
