// SPDX-License-Identifier: Apache-2.0
#include "flow/lost_content.h"

#include "flow/state_machine.h"

namespace candor {
namespace {

// A stateless answer (HelloVerifyRequest) verifies nothing.
bool IsFlight(const candor_packet& p) {
  constexpr uint32_t kHandshake = CANDOR_P_HANDSHAKE | CANDOR_P_VERIFY_REQUEST;
  return (p.flags & kHandshake) == CANDOR_P_HANDSHAKE;
}

bool IsSuccess(const candor_packet& p) {
  return p.kind == CANDOR_KIND_STUN && (p.stun_type & CANDOR_STUN_CLASS) == CANDOR_STUN_SUCCESS;
}

}  // namespace

std::optional<LostContent> ContentOf(const LostPacket& p) {
  const candor_bytes bytes{p.head.data(), p.captured, p.length};
  const candor_config any_port{.port_min = 0, .port_max = 65535, .reserved = 0};
  candor_counters counters{};
  candor_udp udp{};
  candor_packet packet{};
  if (!candor_read(&bytes, p.direction, p.segments, &any_port, &counters, &udp, &packet)) return std::nullopt;
  LostContent c;
  c.key = udp.key;
  c.check = candor_is_check(&packet) != 0;
  c.credentialed = c.check && (packet.flags & CANDOR_P_INTEGRITY) != 0;
  c.ufrag_hash = c.check ? packet.ufrag_hash : 0;
  c.plain = packet.kind == CANDOR_KIND_RTP || packet.kind == CANDOR_KIND_RTCP;
  c.acknowledges = p.direction == CANDOR_OUT && (IsFlight(packet) || IsSuccess(packet));
  c.may_start = candor_may_start(&udp.key, &packet) != 0;
  return c;
}

}  // namespace candor
