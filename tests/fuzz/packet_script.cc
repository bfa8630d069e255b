// SPDX-License-Identifier: Apache-2.0
#include "packet_script.h"

#include <algorithm>

namespace candor::fuzz {
namespace {

constexpr size_t kHead = 3, kMostPayload = 255, kBeyondTheCut = 1000;
constexpr uint16_t kLocalPort = 20000, kPeerPort = 40000;

}  // namespace

bool PacketScript::Next(ScriptedPacket* packet) {
  if (bytes_.size() < kHead) return false;
  const uint8_t what = bytes_[0], more = bytes_[1];
  packet->dir = (what & 1) != 0 ? CANDOR_OUT : CANDOR_IN;
  packet->peer = (what >> 1) & 3;
  packet->rtcp_port = (what & 8) != 0;
  packet->gap = (what >> 4) & 7;
  packet->cut = (what & 0x80) != 0;
  packet->lost = (more & 1) != 0;
  packet->segments = (more & 2) != 0 ? 3 : 1;
  packet->peer_port = more >> 2;
  const size_t length = std::min<size_t>(bytes_[2], bytes_.size() - kHead);
  const auto payload = bytes_.subspan(kHead, length);
  packet->payload.assign(payload.begin(), payload.end());
  bytes_ = bytes_.subspan(kHead + length);
  return true;
}

void Append(const ScriptedPacket& p, Bytes* script) {
  const size_t length = std::min(p.payload.size(), kMostPayload);
  const bool cut = p.cut || length < p.payload.size();
  script->push_back(static_cast<uint8_t>((p.dir == CANDOR_OUT ? 1 : 0) | (p.peer & 3) << 1 |
                                         (p.rtcp_port ? 8 : 0) | (p.gap & 7) << 4 | (cut ? 0x80 : 0)));
  script->push_back(
      static_cast<uint8_t>((p.lost ? 1 : 0) | (p.segments > 1 ? 2 : 0) | (p.peer_port & 63) << 2));
  script->push_back(static_cast<uint8_t>(length));
  script->insert(script->end(), p.payload.begin(), p.payload.begin() + static_cast<std::ptrdiff_t>(length));
}

FlowKey KeyOf(const ScriptedPacket& p) {
  static const FlowKey kPeers[4] = {
      candor::KeyOf("192.0.2.1", kLocalPort, "198.51.100.7", kPeerPort),
      candor::KeyOf("192.0.2.1", kLocalPort, "203.0.113.9", kPeerPort),
      candor::KeyOf("192.0.2.1", kLocalPort, "10.20.30.40", kPeerPort),
      candor::KeyOf("2001:db8::1", kLocalPort, "2001:db8:5::7", kPeerPort),
  };
  FlowKey key = kPeers[p.peer & 3];
  const int above = p.rtcp_port ? 1 : 0;
  key.local_port = static_cast<uint16_t>(key.local_port + above);
  key.remote_port = static_cast<uint16_t>(key.remote_port + 2 * p.peer_port + above);
  return key;
}

Bytes IpOf(const ScriptedPacket& p, size_t* wire_length) {
  if (!p.cut) {
    Bytes ip = Udp(KeyOf(p), p.dir, p.payload);
    *wire_length = ip.size();
    return ip;
  }
  Bytes ip = Udp(KeyOf(p), p.dir, p.payload + Bytes(kBeyondTheCut, 0));
  *wire_length = ip.size();
  ip.resize(ip.size() - kBeyondTheCut);
  ip.shrink_to_fit();  // so that a read past the cut is one past the allocation
  return ip;
}

}  // namespace candor::fuzz
