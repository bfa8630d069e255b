// SPDX-License-Identifier: Apache-2.0
#include "verdict/failure_shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace candor {
namespace {

constexpr uint64_t kFewest = 4;  // attempts on either side of a claim
constexpr uint64_t kRatio = 9;   // nine of ten

struct Tally {
  uint64_t failed = 0, active = 0;
};
using Groups = std::map<std::string, Tally>;

ShapeGroup Most(const Groups& groups, uint64_t failed, uint64_t active) {
  ShapeGroup out;
  for (const auto& [name, n] : groups) {
    if (n.failed > out.failed || out.name.empty()) out = {name, n.failed, n.active, 0, 0};
  }
  out.failed_elsewhere = failed - out.failed;
  out.active_elsewhere = active - out.active;
  return out;
}

std::string NetworkOf(const IpAddress& peer, const FailureShapeOptions& o) {
  const int bits = peer.IsV4() ? o.network_bits_v4 : o.network_bits_v6;
  return fmt::format("{}/{}", Masked(peer, peer.IsV4() ? 96 + bits : bits).ToString(), bits);
}

// bad_certificate (42) to certificate_unknown (46), unknown_ca (48).
bool IsCertificateAlert(uint8_t alert) { return (alert >= 42 && alert <= 46) || alert == 48; }

void CountErrors(const AttemptView& a, FailureShape* s) {
  if (a.phase == Phase::kNominated && a.waiting_on == WaitingOn::kNode) ++s->handshake_not_answered;
  const bool again = a.phase == Phase::kNominated && a.waiting_on == WaitingOn::kPath;
  if (again) ++s->flight_asked_again;
  if (again && a.small_flight_passed) ++s->large_asked_again;
  if (IsCertificateAlert(a.alert)) ++s->certificate_alerts;
  if (a.stun_error == 401 || a.stun_error == 438) ++s->unauthorized;
  if (a.stun_error == 437) ++s->wrong_allocation;
  if (a.stun_error == 486 || a.stun_error == 508) ++s->no_capacity;
}

// A flight of the node's that is lost shows when the peer repeats its own, after a second, and goes on
// waiting for another one: until then nobody, or the peer, seems to be waited on.
bool MayShowMore(const AttemptView& a, Time now) {
  constexpr Duration kShows = std::chrono::seconds(3);
  const bool open = a.outcome == Outcome::kPending && a.phase == Phase::kNominated;
  const bool known = a.waiting_on == WaitingOn::kNode || a.waiting_on == WaitingOn::kPath;
  return open && !known && now - a.first < kShows;
}

bool Counts(const AttemptView& a, const FailureShapeOptions& o) {
  if (a.began_before || a.first < o.since || a.first > o.now) return false;
  if (a.active != Time{}) return true;
  if (a.outcome == Outcome::kLeft || a.outcome == Outcome::kReplaced || MayShowMore(a, o.now)) return false;
  return a.first <= o.now - o.settled;
}

bool HasFailed(const AttemptView& a) { return a.active == Time{} || a.outcome == Outcome::kEarlyDrop; }

}  // namespace

bool ShapeGroup::Alone() const {
  return failed >= kFewest && active * kRatio <= failed && active_elsewhere >= kFewest &&
         failed_elsewhere * kRatio <= active_elsewhere && failed_elsewhere * kRatio <= failed;
}

FailureShape ShapeOf(std::span<const AttemptView> attempts, const FailureShapeOptions& options) {
  FailureShape s;
  Groups families, sockets, addresses, networks;
  for (const AttemptView& a : attempts) {
    if (!Counts(a, options)) continue;
    const bool failed = HasFailed(a);
    ++(failed ? s.failed : s.active);
    const auto add = [&](Groups* groups, std::string name) {
      Tally& n = (*groups)[std::move(name)];
      ++(failed ? n.failed : n.active);
    };
    add(&families, a.peer.address.IsV4() ? "IPv4" : "IPv6");
    add(&sockets, a.local.ToString());
    add(&addresses, a.local.address.ToString());
    add(&networks, NetworkOf(a.peer.address, options));
    if (failed) CountErrors(a, &s);
  }
  s.family = Most(families, s.failed, s.active);
  s.socket = Most(sockets, s.failed, s.active);
  s.address = Most(addresses, s.failed, s.active);
  s.network = Most(networks, s.failed, s.active);
  return s;
}

std::vector<IpAddress> FailingPeers(std::span<const AttemptView> attempts, const FailureShapeOptions& options,
                                    size_t most) {
  std::vector<const AttemptView*> failed;
  for (const AttemptView& a : attempts) {
    if (Counts(a, options) && HasFailed(a)) failed.push_back(&a);
  }
  std::stable_sort(failed.begin(), failed.end(),
                   [](const AttemptView* a, const AttemptView* b) { return a->first > b->first; });
  std::vector<IpAddress> peers;
  for (const AttemptView* a : failed) {
    if (peers.size() >= most) break;
    if (std::find(peers.begin(), peers.end(), a->peer.address) == peers.end())
      peers.push_back(a->peer.address);
  }
  return peers;
}

}  // namespace candor
