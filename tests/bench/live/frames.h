// SPDX-License-Identifier: Apache-2.0
//
// RTP from many peers as Ethernet frames, each flow's sequence going on from packet to packet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace candor {

struct Ether {
  std::array<uint8_t, 6> to{}, from{};
};

// The peers are 10.97.k.1, 20,000 ports each; the node is 10.98.0.1 with `sockets` ports from 40000 on.
constexpr uint16_t kNodePort = 40000;

class Frames {
 public:
  Frames(Ether ether, uint32_t remotes, uint32_t sockets)
      : ether_(ether), sockets_(sockets), sequence_(remotes) {}

  // Writes the next packet, one flow after the other, to `to` (at least kLongest bytes); returns its length.
  // RTP of 200 to 1,200 bytes of payload, as audio and video have them in turn.
  size_t Next(uint8_t* to);

  static constexpr size_t kLongest = 14 + 20 + 8 + 12 + 1200;

 private:
  Ether ether_;
  uint32_t sockets_;
  std::vector<uint16_t> sequence_;  // by flow
  uint32_t flow_ = 0, packets_ = 0;
};

}  // namespace candor
