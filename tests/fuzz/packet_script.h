// SPDX-License-Identifier: Apache-2.0
//
// Packets as bytes that stay meaningful when a fuzzer changes them. Three bytes of choices before each UDP
// payload:
//
//   0  bit 0 direction, 1-2 which peer, 3 the local port above (RTCP's), 4-6 the gap before it, 7 cut
//   1  bit 0 its event is lost, 1 three GSO segments, 2-7 the peer's port
//   2  bytes of payload that follow
//
// A cut packet was longer on the wire than captured. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.h"
#include "flow/flow.h"
#include "tests/packets/packets.h"

namespace candor::fuzz {

struct ScriptedPacket {
  uint8_t peer = 0;  // 0..3; the last one has IPv6
  bool rtcp_port = false;
  uint8_t peer_port = 0;  // 0..63
  candor_dir dir = CANDOR_IN;
  uint8_t gap = 0;  // which of kGaps
  bool cut = false;
  bool lost = false;
  uint16_t segments = 1;
  Bytes payload;
};

inline constexpr Duration kGaps[8] = {
    Duration(0),
    std::chrono::milliseconds(1),
    std::chrono::milliseconds(20),
    std::chrono::milliseconds(100),
    std::chrono::milliseconds(500),
    std::chrono::milliseconds(1100),
    std::chrono::milliseconds(4000),
    std::chrono::milliseconds(70000),
};

class PacketScript {
 public:
  explicit PacketScript(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  // False at the end.
  bool Next(ScriptedPacket* packet);

 private:
  std::span<const uint8_t> bytes_;
};

// The inverse of Next(); of a payload longer than 255 bytes the rest is cut off.
void Append(const ScriptedPacket& packet, Bytes* script);

FlowKey KeyOf(const ScriptedPacket& packet);
// From the IP header on, as captured; *wire_length is what was on the wire.
Bytes IpOf(const ScriptedPacket& packet, size_t* wire_length);

}  // namespace candor::fuzz
