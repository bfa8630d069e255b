// SPDX-License-Identifier: Apache-2.0
//
// Scenarios of one client of a media server, in every encoding of DTLS: one scenario must have the same
// result in all of them. Built from RFC 6347, 9146, 9147 and 8656 and draft-hancke-webrtc-sped.
#pragma once

#include <string>
#include <vector>

#include "tests/packets/packets.h"

namespace candor {

enum class DtlsScenario {
  kPublisher,            // SRTP from the peer, SRTCP from the node
  kSubscriber,           // SRTP from the node, SRTCP from the peer
  kDataOnly,             // SCTP in, out and in
  kQuiet,                // no packets after the handshake
  kNodeMute,             // the peer sends SRTP after the handshake, the node nothing
  kNodeMuteData,         // the same with SCTP
  kPeerSilent,           // the node sends SRTP for 3 s, the peer nothing
  kHelloUnanswered,      // the server never answers the client's ClientHello
  kFinishedUnanswered,   // ... the client's last flight
  kServerFlightLost,     // the path loses the server's first flight: the client repeats its ClientHello
  kServerFlightIgnored,  // it reaches the client, which repeats its ClientHello all the same
  kServerEndLost,        // ... the server's last flight: the client repeats its own
  kPeerLeaves,           // close_notify after the handshake
  kNodeLeaves,
  kPeerRefuses,  // a fatal alert instead of its next flight
  kNodeRefuses,
};
std::string NameOf(DtlsScenario scenario);

// The encoding of handshake and data.
struct DtlsEncoding {
  int version = 12;          // 12 or 13
  size_t cid = 0;            // bytes of connection id
  bool channel = false;      // inside TURN ChannelData: the node's candidate is relayed
  bool sped = false;         // the handshake inside STUN
  bool tickets = false;      // DTLS 1.3: the server sends a NewSessionTicket with its ACK
  bool node_client = false;  // the node is the DTLS client
};
std::string NameOf(const DtlsEncoding& encoding);

struct ScenarioPacket {
  uint64_t at_ms = 0;  // from the beginning of the scenario
  candor_dir dir = CANDOR_IN;
  Bytes payload;
};

// All packets in order; the last one is at most 5 s after the first. `who` makes ufrags and SSRCs differ.
std::vector<ScenarioPacket> PacketsOf(DtlsScenario scenario, const DtlsEncoding& encoding, int who = 0);

}  // namespace candor
