// SPDX-License-Identifier: Apache-2.0
#include "attempt/flow_index.h"

#include <utility>

namespace candor {
namespace {

bool IsAllocation(const FlowState& state) { return (state.flags & CANDOR_F_TURN_SERVER) != 0; }

}  // namespace

bool FlowIndex::IsRtcpSibling(const FlowKey& key, const FlowState& state) {
  return state.ufrag_hash == 0 && !IsAllocation(state) &&
         (state.flags & (CANDOR_RTP_EITHER | CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT)) == 0 &&
         key.local_port % 2 == 1;
}

FlowKey FlowIndex::RtpOf(const FlowKey& rtcp) {
  FlowKey rtp = rtcp;
  --rtp.local_port;
  --rtp.remote_port;
  return rtp;
}

uint64_t FlowIndex::Find(const FlowKey& key, const FlowState& state) const {
  if (IsAllocation(state)) return Owner(key);
  if (const uint64_t relay = relays_.Find(LocalOf(key)); relay != 0) return relay;
  if (state.ufrag_hash != 0) {
    const auto it = by_ufrag_.find(state.ufrag_hash);
    return it == by_ufrag_.end() ? 0 : it->second;
  }
  return Owner(IsRtcpSibling(key, state) ? RtpOf(key) : key);
}

uint64_t FlowIndex::Owner(const FlowKey& key) const {
  const auto it = by_flow_.find(key);
  return it == by_flow_.end() ? 0 : it->second;
}

void FlowIndex::Bind(const FlowKey& key, const FlowState& state, uint64_t attempt) {
  by_flow_[key] = attempt;
  // At a relayed address the ufrag is the client's, not the node's. Of several sessions with one ufrag the
  // first is bound to it; the others show by their handshakes (Attempt::IsAnotherSession).
  if (state.ufrag_hash != 0 && relays_.Find(LocalOf(key)) != attempt)
    by_ufrag_.try_emplace(state.ufrag_hash, attempt);
}

void FlowIndex::Unbind(const FlowKey& key, uint64_t attempt) {
  const auto it = by_flow_.find(key);
  if (it != by_flow_.end() && it->second == attempt) by_flow_.erase(it);
}

void FlowIndex::Retire(uint64_t ufrag_hash, uint64_t attempt) {
  const auto it = by_ufrag_.find(ufrag_hash);
  if (it != by_ufrag_.end() && it->second == attempt) by_ufrag_.erase(it);
}

uint64_t FlowIndex::OtherEnd(const FlowKey& key) const {
  if (relays_.Find(LocalOf(key)) == 0 && relays_.Find(RemoteOf(key)) == 0) return 0;
  FlowKey mirrored = key;
  std::swap(mirrored.local_addr, mirrored.remote_addr);
  std::swap(mirrored.local_port, mirrored.remote_port);
  return Owner(mirrored);
}

}  // namespace candor
