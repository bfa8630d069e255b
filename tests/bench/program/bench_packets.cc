// SPDX-License-Identifier: Apache-2.0
#include "bench_packets.h"

namespace candor {
namespace {

constexpr size_t kMediaBytes = 1000;
const FlowKey kV4 = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);
const FlowKey kV6 = KeyOf("2001:db8::1", 7882, "2001:db8:7::9", 40000);
const FlowKey kOffered = KeyOf("192.0.2.1", 7882, "198.51.100.8", 40000);
const FlowKey kHandshaking = KeyOf("192.0.2.1", 7882, "198.51.100.9", 40000);

Bytes Media() { return Rtp(7, 101) + Bytes(kMediaBytes, 0x5a); }

std::vector<std::pair<candor_dir, Bytes>> Nominated(const FlowKey& k) {
  return {{CANDOR_IN, Udp(k, CANDOR_IN, Check("node:peer", 1, true))},
          {CANDOR_OUT, Udp(k, CANDOR_OUT, CheckAnswer(1))}};
}

std::vector<std::pair<candor_dir, Bytes>> Active(const FlowKey& k) {
  auto out = Nominated(k);
  out.emplace_back(CANDOR_IN, Udp(k, CANDOR_IN, DtlsRecord(22, 1, Bytes(30, 1))));
  out.emplace_back(CANDOR_OUT, Udp(k, CANDOR_OUT, DtlsRecord(22, 1, Bytes(30, 1))));
  out.emplace_back(CANDOR_IN, Udp(k, CANDOR_IN, Media()));
  out.emplace_back(CANDOR_OUT, Udp(k, CANDOR_OUT, Media()));
  return out;
}

Bytes Tcp(const FlowKey& k) {
  Bytes ip = Udp(k, CANDOR_IN, Media());
  ip.at(9) = 6;
  return ip;
}

FlowKey OnPort(uint16_t port) { return KeyOf("192.0.2.1", port, "198.51.100.7", 40000); }

}  // namespace

FlowKey NthFlowKey(uint32_t n) {
  FlowKey k = kV4;
  k.remote_addr[12] = 10;
  k.remote_addr[13] = static_cast<uint8_t>(n >> 16);
  k.remote_addr[14] = static_cast<uint8_t>(n >> 8);
  k.remote_addr[15] = static_cast<uint8_t>(n);
  k.remote_port = static_cast<uint16_t>(20000 + n % 20000);
  return k;
}

Bytes NewCheck(uint32_t n) {
  FlowKey k = NthFlowKey(n);
  k.local_port = 7883;
  return Udp(k, CANDOR_IN, Check("node:peer", 1, true));
}

Bytes NthFlowMedia(uint32_t n, candor_dir dir) { return Udp(NthFlowKey(n), dir, Media()); }

std::vector<Case> Cases() {
  // QUIC: the most common UDP that is not media.
  const Bytes quic = Bytes{0x55} + Bytes(kMediaBytes, 0x5a);
  auto handshaking = Nominated(kHandshaking);
  return {
      {"active SRTP in", CANDOR_IN, Udp(kV4, CANDOR_IN, Media()), Active(kV4)},
      {"active SRTP out", CANDOR_OUT, Udp(kV4, CANDOR_OUT, Media()), Active(kV4)},
      {"active SRTP in, IPv6", CANDOR_IN, Udp(kV6, CANDOR_IN, Media()), Active(kV6)},
      {"active SRTP out, IPv6", CANDOR_OUT, Udp(kV6, CANDOR_OUT, Media()), Active(kV6)},
      {"pending STUN check in", CANDOR_IN, Udp(kOffered, CANDOR_IN, Check("node:peer", 1, true)), {}},
      {"pending STUN answer out", CANDOR_OUT, Udp(kOffered, CANDOR_OUT, CheckAnswer(1)), {}},
      {"pending DTLS in", CANDOR_IN, Udp(kHandshaking, CANDOR_IN, Handshake(1, 0)), handshaking},
      {"pending DTLS out", CANDOR_OUT, Udp(kHandshaking, CANDOR_OUT, Handshake(2, 0)), handshaking},
      {"UDP outside the ports, in", CANDOR_IN, Udp(OnPort(443), CANDOR_IN, quic), {}},
      {"UDP outside the ports, out", CANDOR_OUT, Udp(OnPort(443), CANDOR_OUT, quic), {}},
      {"UDP without media, in", CANDOR_IN, Udp(OnPort(4433), CANDOR_IN, quic), {}},
      {"UDP without media, out", CANDOR_OUT, Udp(OnPort(4433), CANDOR_OUT, quic), {}},
      {"TCP in", CANDOR_IN, Tcp(OnPort(443)), {}},
      {"TCP out", CANDOR_OUT, Tcp(OnPort(443)), {}},
  };
}

}  // namespace candor
