// SPDX-License-Identifier: Apache-2.0
#include "attempt/relay.h"

#include <algorithm>

namespace candor {
namespace {

Time Later(Time a, uint64_t b_ns) { return std::max(a, TimeFromNanos(b_ns)); }

}  // namespace

RelayedAddresses RelayedOf(const FlowState& client) {
  return {{{client.relay_head[0], client.relay_port[0]}, {client.relay_head[1], client.relay_port[1]}}};
}

void Relay::ObserveClient(const FlowState& client) {
  // What the client sends before it has installed a permission is dropped by right (RFC 8656 section 11.3).
  permitted_ = permitted_ || client.phase >= CANDOR_PHASE_NOMINATED;
  client_in_ = Later(client_in_, client.last_media_in_ns);
  client_out_ = Later(client_out_, client.last_media_out_ns);
  if (!used() && (client.flags & CANDOR_F_TURN_USED) != 0) used_at_ = Later(client_in_, client.last_in_ns);
  Compare();
}

void Relay::ObserveOutside(const FlowState& outside) {
  outside_out_ = Later(outside_out_, outside.last_out_ns);
  // Only who was sent to is known to have a permission; what others send is dropped by right (section 11.2).
  if (outside.last_out_ns != 0) outside_in_ = Later(outside_in_, outside.last_in_ns);
  Compare();
}

void Relay::Compare() {
  outwards_.Update(permitted_ ? client_in_ : Time{}, outside_out_);
  inwards_.Update(outside_in_, client_out_);
}

void Relay::Wait::Update(Time taken, Time given) {
  if (taken <= given) {
    since = until = Time{};
    return;
  }
  if (since == Time{}) since = taken;
  until = taken;
}

bool Relay::WaitsOnNode(Duration response_timeout) const {
  return (expects_outside_ && outwards_.Past(response_timeout)) || inwards_.Past(response_timeout);
}

}  // namespace candor
