// SPDX-License-Identifier: Apache-2.0
#include "pipeline/recent_sockets.h"

#include <algorithm>

namespace candor {
namespace {

// Moves `value` to the end, and drops the oldest beyond `most`.
template <class T>
void Renew(const T& value, size_t most, std::vector<T>* values) {
  std::erase(*values, value);
  values->push_back(value);
  if (values->size() > most) values->erase(values->begin());
}

// What tells the sessions on one port apart; 0: nothing does (plain RTP).
uint64_t SessionOf(const FlowEvent& e) {
  if (e.flow.ufrag_hash != 0) return e.flow.ufrag_hash;
  const bool turn = (e.flow.flags & CANDOR_F_TURN_SERVER) != 0;
  return turn ? FlowKeyHash()(e.key) | 1 : 0;
}

}  // namespace

void RecentSockets::Count(uint64_t session, Time at, Port* p) {
  if (session == 0) return;
  auto* const known =
      std::find_if(p->sessions.begin(), p->sessions.end(), [&](const auto& s) { return s.first == session; });
  if (known != p->sessions.end()) {
    known->second = at;
    return;
  }
  std::rotate(p->sessions.begin(), p->sessions.end() - 1, p->sessions.end());
  p->sessions.front() = {session, at};
  p->shared = p->shared || std::all_of(p->sessions.begin(), p->sessions.end(), [&](const auto& s) {
                return s.first != 0 && at - s.second <= kAtOnce;
              });
}

void RecentSockets::MakeRoom() {
  if (ports_.size() < FactsRequest::kPorts) return;
  const auto less = [](const auto& a, const auto& b) {
    return std::pair(a.second.shared, a.second.last) < std::pair(b.second.shared, b.second.last);
  };
  ports_.erase(std::min_element(ports_.begin(), ports_.end(), less));
}

void RecentSockets::Observe(const FlowEvent& e) {
  Renew(RemoteOf(e.key).address, FactsRequest::kPeers, &peers_);
  if (e.flow.cgroup_id == 0) return;  // at no socket
  newest_ = std::max(newest_, e.at);
  Renew<uint64_t>(e.flow.cgroup_id, FactsRequest::kCgroups, &cgroups_);
  const IpAddress local = LocalOf(e.key).address;
  std::erase_if(addresses_, [&](const auto& a) { return a.first == local; });
  addresses_.emplace_back(local, e.at);
  if (addresses_.size() > FactsRequest::kAddresses) addresses_.erase(addresses_.begin());
  if (!ports_.contains(e.key.local_port)) MakeRoom();
  Port& p = ports_[e.key.local_port];
  p.last = e.at;
  Count(SessionOf(e), e.at, &p);
}

FactsRequest RecentSockets::Request(PortRange range) const {
  FactsRequest out;
  out.cgroups.assign(cgroups_.rbegin(), cgroups_.rend());
  for (const auto& [port, p] : ports_) {
    out.ports.push_back(port);
    if (p.shared && p.last + kGivenUp >= newest_) out.shared_ports.push_back(port);
  }
  for (const auto& [address, last] : addresses_) {
    if (last + kGivenUp >= newest_) out.addresses.push_back(address);
  }
  out.peers = failing_.empty() ? peers_ : failing_;
  if (out.peers.size() > FactsRequest::kPeers) out.peers.resize(FactsRequest::kPeers);
  if (range != PortRange{}) out.range_min = range.min, out.range_max = range.max;
  return out;
}

}  // namespace candor
