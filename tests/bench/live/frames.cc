// SPDX-License-Identifier: Apache-2.0
#include "frames.h"

#include <cstring>

namespace candor {
namespace {

constexpr uint32_t kPortsOfAPeer = 20000;
constexpr std::array<size_t, 5> kPayloads = {200, 1200, 900, 1200, 400};

void Put16(uint8_t* p, size_t v) {
  p[0] = static_cast<uint8_t>(v >> 8);
  p[1] = static_cast<uint8_t>(v);
}
void Put32(uint8_t* p, uint32_t v) {
  Put16(p, v >> 16);
  Put16(p + 2, v & 0xffff);
}

// RFC 1071, of the 20 bytes of an IPv4 header whose checksum is zero.
uint16_t Checksum(const uint8_t* h) {
  uint32_t sum = 0;
  for (int i = 0; i < 20; i += 2) sum += static_cast<uint32_t>(h[i] << 8 | h[i + 1]);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

}  // namespace

size_t Frames::Next(uint8_t* to) {
  const size_t payload = kPayloads.at(packets_++ % kPayloads.size());
  const uint32_t flow = flow_;
  flow_ = (flow_ + 1) % static_cast<uint32_t>(sequence_.size());

  std::memcpy(to, ether_.to.data(), 6);
  std::memcpy(to + 6, ether_.from.data(), 6);
  Put16(to + 12, 0x0800);
  uint8_t* ip = to + 14;
  std::memset(ip, 0, 20 + 8 + 12);
  ip[0] = 0x45;
  Put16(ip + 2, 20 + 8 + 12 + payload);
  ip[6] = 0x40;  // don't fragment
  ip[8] = 64;
  ip[9] = 17;
  Put32(ip + 12, 0x0a610001 | (flow / kPortsOfAPeer) << 8);
  Put32(ip + 16, 0x0a620001);
  Put16(ip + 10, Checksum(ip));
  uint8_t* udp = ip + 20;  // no checksum: IPv4 allows it
  Put16(udp, 20000 + flow % kPortsOfAPeer);
  Put16(udp + 2, kNodePort + flow % sockets_);
  Put16(udp + 4, 8 + 12 + payload);
  uint8_t* rtp = udp + 8;
  rtp[0] = 0x80;
  rtp[1] = 111;
  Put16(rtp + 2, ++sequence_[flow]);
  Put32(rtp + 4, sequence_[flow] * 960u);  // 20 ms at 48 kHz
  Put32(rtp + 8, flow + 1);
  return 14 + 20 + 8 + 12 + payload;
}

}  // namespace candor
