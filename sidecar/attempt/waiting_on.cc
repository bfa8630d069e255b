// SPDX-License-Identifier: Apache-2.0
#include "attempt/waiting_on.h"

#include "flow/state_machine.h"

namespace candor {
namespace {

bool Past(uint64_t since_ns, Time now, Duration timeout) {
  return since_ns != 0 && now - TimeFromNanos(since_ns) >= timeout;
}

// After a complete handshake only a peer that still repeats its last flight waits for an answer.
bool WaitsOnPath(const FlowState& flow, Time now, Duration timeout) {
  if (!Past(flow.path_ns, now, timeout)) return false;
  return flow.phase < CANDOR_PHASE_SECURED || candor_repeats_ended(&flow, NanosOf(now)) == 0;
}

}  // namespace

WaitingOn WaitingOnPast(const FlowState& flow, Time now, const Timeouts& timeouts) {
  if (Past(flow.ice.node_ns, now, timeouts.exchange) || Past(flow.dtls.node_ns, now, timeouts.exchange) ||
      Past(flow.media.node_ns, now, timeouts.media)) {
    return WaitingOn::kNode;
  }
  if (WaitsOnPath(flow, now, timeouts.exchange)) return WaitingOn::kPath;
  if (Past(flow.dtls.peer_ns, now, timeouts.exchange) || Past(flow.media.peer_ns, now, timeouts.media)) {
    return WaitingOn::kPeer;
  }
  // Only for a peer that sends no requests: otherwise one of the cases above holds, or it is answered.
  if (Past(flow.ice.peer_ns, now, timeouts.exchange)) return WaitingOn::kPeer;
  return WaitingOn::kNone;
}

void DtlsClientEstimate::Observe(bool node_first) {
  constexpr double kKeep = 0.95;  // remembers about 20 attempts
  node_ = node_ * kKeep + (node_first ? 1 : 0);
  peer_ = peer_ * kKeep + (node_first ? 0 : 1);
}

WaitingOn DtlsClientEstimate::LikelyClient() const {
  constexpr double kEnough = 5, kNearlyAll = 0.95;
  const double total = node_ + peer_;
  if (total < kEnough) return WaitingOn::kNone;
  if (node_ >= kNearlyAll * total) return WaitingOn::kNode;
  if (peer_ >= kNearlyAll * total) return WaitingOn::kPeer;
  return WaitingOn::kNone;
}

}  // namespace candor
