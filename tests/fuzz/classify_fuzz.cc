// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as an IP packet, through the parser and the classifier. Byte 0 chooses the direction, byte 1
// where a capture cuts the packet off.
#include <cstring>

#include "check.h"
#include "flow/state_machine.h"
#include "targets.h"
#include "tests/packets/packets.h"

namespace candor::fuzz {
namespace {

constexpr uint32_t kStunFlags = CANDOR_P_USERNAME | CANDOR_P_INTEGRITY | CANDOR_P_USE_CANDIDATE |
                                CANDOR_P_SPED | CANDOR_P_ATTRS_CUT | CANDOR_P_USERNAME_CUT;
constexpr uint32_t kDtlsFlags =
    CANDOR_P_HANDSHAKE | CANDOR_P_CLIENT_HELLO | CANDOR_P_VERIFY_REQUEST | CANDOR_P_EPOCH | CANDOR_P_DATA |
    CANDOR_P_ALERT | CANDOR_P_UNIFIED | CANDOR_P_EPOCH2 | CANDOR_P_TRAFFIC | CANDOR_P_REKEYED | CANDOR_P_ACK |
    CANDOR_P_SCTP | CANDOR_P_UNSURE | CANDOR_P_EXACT | CANDOR_P_CCS | CANDOR_P_HS_END;

struct Reading {
  int ip = CANDOR_IP_OTHER;
  candor_udp udp{};
  candor_packet packet{};
};

Reading Read(const Bytes& captured, size_t wire_length, candor_dir dir) {
  const candor_bytes bytes{captured.data(), static_cast<uint32_t>(captured.size()),
                           static_cast<uint32_t>(wire_length)};
  Reading r;
  r.ip = candor_parse_ip(&bytes, dir, &r.udp);
  if (r.ip == CANDOR_IP_UDP) candor_classify(&bytes, &r.udp, dir, &r.packet);
  return r;
}

// RFC 7983 section 7 and RFC 9443 section 3: what a first byte may be.
bool FirstByteAllows(uint8_t first, uint8_t kind) {
  switch (kind) {
    case CANDOR_KIND_STUN:
      return first <= 3;
    case CANDOR_KIND_ZRTP:
      return first >= 16 && first <= 19;
    case CANDOR_KIND_DTLS:
      return first >= 20 && first <= 63;
    case CANDOR_KIND_CHANNEL_DATA:
      return first >= 64 && first <= 79;
    case CANDOR_KIND_QUIC:
      return (first >= 80 && first <= 127) || first >= 192;
    case CANDOR_KIND_RTP:
    case CANDOR_KIND_RTCP:
      return first >= 128 && first <= 191;
    default:
      return kind == CANDOR_KIND_UNKNOWN || kind == CANDOR_KIND_UNPARSED;
  }
}

void CheckReading(const Reading& r, const Bytes& ip) {
  const candor_packet& p = r.packet;
  Check(r.udp.payload >= 28 && r.udp.payload + r.udp.length <= ip.size(), "the payload lies in the packet");
  if (r.udp.length > 0) Check(FirstByteAllows(ip[r.udp.payload], p.kind), "the first byte allows the kind");
  if (r.udp.length == 0) Check(p.kind == CANDOR_KIND_UNKNOWN, "nothing is of no kind");
  const bool stun = p.kind == CANDOR_KIND_STUN, dtls = p.kind == CANDOR_KIND_DTLS;
  Check((p.flags & kStunFlags) == 0 || stun, "only STUN has attributes");
  const bool sped = stun && (p.flags & CANDOR_P_SPED) != 0;
  Check((p.flags & kDtlsFlags) == 0 || dtls || sped, "only DTLS has records");
  Check((p.flags & CANDOR_P_REPORT) == 0 || p.kind == CANDOR_KIND_RTCP, "only RTCP has reports");
  Check(stun == (p.txid != 0), "a STUN message, and nothing else, has a transaction");
  Check(((p.flags & CANDOR_P_USERNAME) != 0) == (p.ufrag_hash != 0), "a ufrag comes from a USERNAME");
  Check(p.ufrag_len <= CANDOR_UFRAG_TEXT && p.hs <= 255, "lengths are bounded");
  Check(p.hs == 0 || (p.flags & CANDOR_P_HANDSHAKE) != 0, "a mark comes from a handshake record");
}

// Only the key, the node's half of a USERNAME, and whether a report is read depend on the direction.
void CheckMirrored(const Reading& r, const Reading& m) {
  Check(r.ip == m.ip, "the direction does not change what a packet is");
  if (r.ip != CANDOR_IP_UDP) return;
  Check(std::memcmp(r.udp.key.local_addr, m.udp.key.remote_addr, 16) == 0 &&
            std::memcmp(r.udp.key.remote_addr, m.udp.key.local_addr, 16) == 0 &&
            r.udp.key.local_port == m.udp.key.remote_port && r.udp.key.remote_port == m.udp.key.local_port,
        "the other direction swaps the ends");
  constexpr uint32_t kOfPeer = CANDOR_P_REPORT;
  Check(r.packet.kind == m.packet.kind && (r.packet.flags & ~kOfPeer) == (m.packet.flags & ~kOfPeer) &&
            r.packet.txid == m.packet.txid && r.packet.ssrc == m.packet.ssrc && r.packet.hs == m.packet.hs,
        "the direction does not change what a packet says");
  Check((r.packet.flags & m.packet.flags & kOfPeer) == 0, "only the peer's reports are read");
}

// A snap length hides things; it never shows others.
void CheckCut(const Reading& whole, const Reading& cut) {
  Check(cut.ip == whole.ip || cut.ip == CANDOR_IP_SHORT || cut.ip == CANDOR_IP_OTHER,
        "a cut packet is short");
  if (cut.ip != CANDOR_IP_UDP) return;
  const uint8_t kind = cut.packet.kind;
  Check(kind == whole.packet.kind || kind == CANDOR_KIND_UNKNOWN || kind == CANDOR_KIND_UNPARSED,
        "a cut packet is of the same kind or of none");
  Check((cut.packet.flags & ~whole.packet.flags) == 0,
        "a cut packet says nothing that the whole one did not");
  Check(cut.packet.hs <= whole.packet.hs, "a cut handshake is not farther");
}

}  // namespace

void Classify(Input input) {
  if (input.size() < 2) return;
  const candor_dir dir = (input[0] & 1) != 0 ? CANDOR_OUT : CANDOR_IN;
  const Bytes ip(input.begin() + 2, input.end());
  const Reading whole = Read(ip, ip.size(), dir);
  if (whole.ip == CANDOR_IP_UDP) CheckReading(whole, ip);
  CheckMirrored(whole, Read(ip, ip.size(), dir == CANDOR_IN ? CANDOR_OUT : CANDOR_IN));
  const size_t kept = ip.empty() ? 0 : input[1] % ip.size();
  CheckCut(whole, Read(Bytes(ip.begin(), ip.begin() + static_cast<std::ptrdiff_t>(kept)), ip.size(), dir));
}

}  // namespace candor::fuzz
