// SPDX-License-Identifier: Apache-2.0
#include "attempt/lost_flows.h"

namespace candor {
namespace {

// Within it max_of_address holds: as long as an attempt is pending.
constexpr Duration kWindow = std::chrono::seconds(10);

}  // namespace

bool LostFlows::HasPort(uint16_t port) const {
  const bool all = options_.port_min == 0 && options_.port_max == 65535;
  return ports_.Has(port) || (!all && port >= options_.port_min && port <= options_.port_max);
}

void LostFlows::OnPacket(const LostPacket& p) {
  ++counts_.packets;
  const auto content = ContentOf(p);
  if (!content) {
    ++counts_.unread;
  } else if (tracker_.NoteLost(*content, p.at, {p.direction, p.reason})) {
    ++counts_.noted;
    table_.Forget(content->key);  // its socket knows it now
  } else if (p.direction == CANDOR_OUT) {
    ++counts_.strangers;
  } else {
    Follow(p, *content);
  }
}

// A check names a session that the node has offered; anything else counts only at a port of media.
void LostFlows::Follow(const LostPacket& p, const LostContent& c) {
  if (!c.check && !HasPort(c.key.local_port)) {
    ++counts_.strangers;
    return;
  }
  FlowState state{};
  const bool known = table_.Lookup(c.key, &state);
  // Its attempt has ended, or there was no room for it: it begins anew.
  if (known && state.phase != CANDOR_PHASE_NONE && !tracker_.Owns(c.key)) table_.Forget(c.key);
  if (!known && !Admit(c.key, p.at)) {
    ++counts_.refused;
    return;
  }
  ++counts_.followed;
  FlowEvent e;
  const bool due = table_.Packet(p.at, p.direction, p.bytes(), p.length, p.segments, &e);
  // Times and counters change without an event, and nobody looks them up.
  if (!due && (!tracker_.Owns(c.key) || !table_.Lookup(c.key, &e.flow))) return;
  e.at = p.at, e.key = c.key;
  e.flow.cgroup_id = p.cgroup_id;
  tracker_.OnLost(e, {p.direction, p.reason});
}

bool LostFlows::Admit(const FlowKey& key, Time at) {
  if (at - window_ >= kWindow) window_ = at, of_address_.clear();
  return of_address_[RemoteOf(key).address]++ < options_.max_of_address;
}

}  // namespace candor
