// SPDX-License-Identifier: Apache-2.0
//
// Which attempt a flow belongs to: by the relayed address when it is one of an allocation's, by both halves
// of USERNAME when it has shown them, else by its 5-tuple; an RTCP-only flow on the port above belongs to the
// RTP flow below it (RFC 3550 section 11).
#pragma once

#include <cstdint>
#include <unordered_map>

#include "attempt/relay_index.h"
#include "flow/flow.h"

namespace candor {

class FlowIndex {
 public:
  // The attempt this flow's present state belongs to; 0: none known.
  uint64_t Find(const FlowKey& key, const FlowState& state) const;
  // The attempt the 5-tuple was last bound to; 0: none.
  uint64_t Owner(const FlowKey& key) const;
  void Bind(const FlowKey& key, const FlowState& state, uint64_t attempt);
  void Unbind(const FlowKey& key, uint64_t attempt);
  // Forgets the attempt's ufrag, if it still stands for it.
  void Retire(uint64_t ufrag_hash, uint64_t attempt);
  size_t size() const { return by_ufrag_.size() + by_flow_.size(); }

  // Plain RTCP without RTP, on an odd port: nobody's attempt by itself.
  static bool IsRtcpSibling(const FlowKey& key, const FlowState& state);

  RelayIndex& relays() { return relays_; }
  // The attempt at the other end of a flow between two sockets of this node, an embedded TURN server's and
  // the media server's; 0: none.
  uint64_t OtherEnd(const FlowKey& key) const;

 private:
  static FlowKey RtpOf(const FlowKey& rtcp);

  std::unordered_map<uint64_t, uint64_t> by_ufrag_;
  RelayIndex relays_;
  std::unordered_map<FlowKey, uint64_t, FlowKeyHash, FlowKeyEqual> by_flow_;
};

}  // namespace candor
