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
  // The server drops what the client sends before it has installed a permission (RFC 8656 section 11.3).
  permitted_ = permitted_ || client.phase >= CANDOR_PHASE_NOMINATED;
  client_in_ = Later(client_in_, client.last_media_in_ns);
  client_out_ = Later(client_out_, client.last_media_out_ns);
  if (!used() && (client.flags & CANDOR_F_TURN_USED) != 0) used_at_ = Later(client_in_, client.last_in_ns);
  Compare();
}

void Relay::ObserveOutside(const FlowState& outside) {
  outside_out_ = Later(outside_out_, outside.last_out_ns);
  // Only peers that were sent to are known to have a permission; the server drops packets of others (11.2).
  if (outside.last_out_ns != 0) outside_in_ = Later(outside_in_, outside.last_in_ns);
  Compare();
}

void Relay::Compare() {
  outwards_.Update(permitted_ ? client_in_ : Time{}, outside_out_);
  inwards_.Update(outside_in_, client_out_);
}

void Relay::Wait::Update(Time received, Time sent) {
  if (received <= sent) {
    since = until = Time{};
    return;
  }
  if (since == Time{}) since = received;
  until = received;
}

bool Relay::WaitsOnNode(Duration timeout) const {
  return (expects_outside_ && outwards_.Past(timeout)) || inwards_.Past(timeout);
}

}  // namespace candor
