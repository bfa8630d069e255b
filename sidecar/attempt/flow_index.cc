// SPDX-License-Identifier: Apache-2.0
#include "attempt/flow_index.h"

namespace candor {

bool FlowIndex::IsRtcpSibling(const FlowKey& key, const FlowState& state) {
  return state.ufrag_hash == 0 &&
         (state.flags & (CANDOR_F_RTP_SEEN | CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT)) == 0 &&
         key.local_port % 2 == 1;
}

FlowKey FlowIndex::RtpOf(const FlowKey& rtcp) {
  FlowKey rtp = rtcp;
  --rtp.local_port;
  --rtp.remote_port;
  return rtp;
}

uint64_t FlowIndex::Find(const FlowKey& key, const FlowState& state) const {
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
  if (state.ufrag_hash != 0) by_ufrag_[state.ufrag_hash] = attempt;
}

void FlowIndex::Unbind(const FlowKey& key, uint64_t attempt) {
  const auto it = by_flow_.find(key);
  if (it != by_flow_.end() && it->second == attempt) by_flow_.erase(it);
}

void FlowIndex::Retire(uint64_t ufrag_hash, uint64_t attempt) {
  const auto it = by_ufrag_.find(ufrag_hash);
  if (it != by_ufrag_.end() && it->second == attempt) by_ufrag_.erase(it);
}

}  // namespace candor
