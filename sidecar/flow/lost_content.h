// SPDX-License-Identifier: Apache-2.0
//
// What a lost packet was, read by the same bpf/ headers as any other. Pure, thread-safe.
// Tested in tests/flow/lost_packet_test.cc.
#pragma once

#include <optional>

#include "flow/flow.h"
#include "flow/lost_packet.h"

namespace candor {

struct LostContent {
  FlowKey key{};
  uint64_t ufrag_hash = 0;    // of a check, as candor_flow.ufrag_hash; 0: none shown
  bool check = false;         // an ICE check: a Binding request with USERNAME
  bool credentialed = false;  // a check with MESSAGE-INTEGRITY as well
  bool plain = false;         // RTP or RTCP, or their protected forms
  // From the node, it would have shown the peer that the node honours it: a STUN success or a handshake
  // flight, which no stranger can cause without credentials, or at all (candor_flow's CANDOR_F_ACKNOWLEDGED).
  bool acknowledges = false;
  bool may_start = false;  // may begin a flow (candor_may_start)
};

// nullopt: of no kind that flows follow, or cut too short.
std::optional<LostContent> ContentOf(const LostPacket& p);

}  // namespace candor
