// SPDX-License-Identifier: Apache-2.0
//
// The attempt that a flow belongs to: by its local address when that is an allocation's relayed address, by
// both halves of USERNAME once a packet has shown them, else by its 5-tuple. An RTCP-only flow on an odd port
// belongs to the RTP flow on the port below (RFC 3550 section 11). One thread.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "attempt/relay_index.h"
#include "flow/flow.h"

namespace candor {

class FlowIndex {
 public:
  // The attempt that the flow in this state belongs to; 0: none known.
  uint64_t Find(const FlowKey& key, const FlowState& state) const;
  // The attempt the 5-tuple was last bound to; 0: none.
  uint64_t Owner(const FlowKey& key) const;
  void Bind(const FlowKey& key, const FlowState& state, uint64_t attempt);
  void Unbind(const FlowKey& key, uint64_t attempt);
  // Removes the ufrag, if it is still bound to the attempt.
  void Retire(uint64_t ufrag_hash, uint64_t attempt);

  // Plain RTCP without RTP, on an odd port: never an attempt by itself.
  static bool IsRtcpSibling(const FlowKey& key, const FlowState& state);

  RelayIndex& relays() { return relays_; }
  // The attempt at the other end of a flow between two sockets of this node, those of an embedded TURN server
  // and of the media server; 0: none.
  uint64_t OtherEnd(const FlowKey& key) const;

 private:
  static FlowKey RtpOf(const FlowKey& rtcp);

  std::unordered_map<uint64_t, uint64_t> by_ufrag_;
  RelayIndex relays_;
  std::unordered_map<FlowKey, uint64_t, FlowKeyHash, FlowKeyEqual> by_flow_;
};

}  // namespace candor
