// SPDX-License-Identifier: Apache-2.0
#include "attempt/owes.h"

#include "flow/machine.h"

namespace candor {
namespace {

bool Past(uint64_t since_ns, Time now, Duration patience) {
  return since_ns != 0 && now - TimeFromNanos(since_ns) >= patience;
}

// After a complete handshake only a peer that still repeats its last flight lacks our answer.
bool PathOwes(const FlowState& flow, Time now, Duration patience) {
  if (!Past(flow.path_ns, now, patience)) return false;
  return flow.phase < CANDOR_PHASE_SECURED || candor_repeats_ended(&flow, NanosOf(now)) == 0;
}

}  // namespace

Owed OwedPast(const FlowState& flow, Time now, const Patience& patience) {
  if (Past(flow.ice.node_ns, now, patience.exchange) || Past(flow.dtls.node_ns, now, patience.exchange) ||
      Past(flow.media.node_ns, now, patience.media)) {
    return Owed::kNode;
  }
  if (PathOwes(flow, now, patience.exchange)) return Owed::kPath;
  if (Past(flow.dtls.peer_ns, now, patience.exchange) || Past(flow.media.peer_ns, now, patience.media)) {
    return Owed::kPeer;
  }
  // A peer that answers nothing and asks nothing; one that asks is served, whatever it owes.
  if (Past(flow.ice.peer_ns, now, patience.exchange)) return Owed::kPeer;
  return Owed::kNone;
}

void DtlsHabit::Saw(bool node_first) {
  constexpr double kKeep = 0.95;  // remembers about 20 attempts
  node_ = node_ * kKeep + (node_first ? 1 : 0);
  peer_ = peer_ * kKeep + (node_first ? 0 : 1);
}

Owed DtlsHabit::UsualClient() const {
  constexpr double kEnough = 5, kNearlyAll = 0.95;
  const double total = node_ + peer_;
  if (total < kEnough) return Owed::kNone;
  if (node_ >= kNearlyAll * total) return Owed::kNode;
  if (peer_ >= kNearlyAll * total) return Owed::kPeer;
  return Owed::kNone;
}

}  // namespace candor
