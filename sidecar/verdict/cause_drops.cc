// SPDX-License-Identifier: Apache-2.0
//
// Causes that the kernel names itself: it dropped the packets. Tested in tests/verdict/cause_finder_test.cc.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/cause_candidate.h"
#include "verdict/explain_text.h"

namespace candor {
namespace {

constexpr uint64_t kFewest = 4;  // datagrams or attempts; fewer explain nothing

// Where on its way a packet is dropped, as seen from the probes (cgroup hooks): __udp4_lib_rcv and
// udp_queue_rcv_one_skb for what comes in, __ip_local_out to __dev_queue_xmit for what goes out.
enum class Place { kBeforeSocket, kAtSocket, kOut };

Place PlaceOf(candor_drop_reason r, candor_dir direction) {
  if (direction == CANDOR_OUT) return Place::kOut;
  const bool at_socket = r == CANDOR_DROP_RECEIVE_BUFFER || r == CANDOR_DROP_UDP_MEMORY ||
                         r == CANDOR_DROP_CHECKSUM || r == CANDOR_DROP_SOCKET_FILTER;
  return at_socket ? Place::kAtSocket : Place::kBeforeSocket;
}

// Whether a drop at this place can bring about the symptom at all.
bool CanExplain(Symptom symptom, Place place) {
  switch (symptom) {
    case Symptom::kNone:
      return false;
    case Symptom::kNothingArrives:  // what goes out is not at fault when nothing comes in
      return place != Place::kOut;
    case Symptom::kNodeSilent:  // the requests reached the socket: what is dropped before it is something
                                // else
      return place != Place::kBeforeSocket;
    case Symptom::kReceiveLoss:
      return place == Place::kAtSocket;
    case Symptom::kSendLoss:
    case Symptom::kNotReceived:
      return place == Place::kOut;
    case Symptom::kNotActive:  // checks may pass while handshakes or media are dropped anywhere
    case Symptom::kSlow:
      return true;
  }
  return false;
}

// An attempt that fails by drops has at least one packet dropped: so at least as many datagrams as half of
// the failed attempts are necessary, and as many as all of them are asked for, because datagrams of others
// may be among them. Where the lost packets themselves were read, the attempts are known, and no other drops
// count.
bool Explains(const CauseEvidence& e, candor_dir direction, candor_drop_reason r) {
  const uint64_t datagrams = e.dropped.at(direction).at(r), attempts = e.lost.at(direction).at(r);
  // Trusted sources raise an alarm with three: of all of them the packets were lost.
  if (e.lost_known) return attempts * 2 >= e.failed && attempts >= std::clamp<uint64_t>(e.failed, 2, kFewest);
  if (!CanExplain(e.symptom, PlaceOf(r, direction))) return false;
  return datagrams >= std::max(kFewest, e.failed);
}

// "This node's firewall drops what clients send (netfilter, in: 943 datagrams within 4.1 s; ...)."
std::string_view WhatHappens(CauseCode code, candor_dir direction) {
  using enum CauseCode;
  const bool in = direction == CANDOR_IN;
  switch (code) {
    case kDroppedNetfilterIn:
      return "This node's firewall drops what clients send";
    case kDroppedNetfilterOut:
      return "This node's firewall drops what the media server sends";
    case kDroppedNoSocket:
      return "Clients send to ports that no socket of this node has";
    case kDroppedSource:
      return "This node refuses the addresses that clients send from (reverse-path filter, martian)";
    case kDroppedChecksum:
      return "What clients send has a wrong UDP checksum here";
    case kDroppedPolicy:
      return "An IPsec or security policy of this node refuses what clients send";
    case kDroppedTc:
      return in ? "A tc filter of this node drops what clients send"
                : "A tc filter of this node drops what the media server sends";
    case kDroppedQdisc:
      return "The device's queue drops what the media server sends";
    case kDroppedNeighbour:
      return "The next hop does not answer, so what the media server sends is dropped";
    case kDroppedCgroup:
      return in ? "A BPF program of the socket or its cgroup drops what clients send"
                : "A BPF program of its cgroup drops what the media server sends";
    case kDroppedDevice:
      return "The device drops what the media server sends";
    case kDroppedRoute:
      return in ? "Clients send to an address that is not this node's"
                : "This node has no route for what the media server sends";
    case kDroppedBacklog:
      return "A CPU of this node takes in more packets than it can, and what clients send is dropped";
    case kDroppedXdp:
      return "An XDP program of this node drops what clients send";
    case kDroppedMemory:
      return in ? "The kernel has no memory for what clients send"
                : "The kernel has no memory for what the media server sends";
    case kReceiveBuffer:
      return "The media server's receive buffer is full, and what clients send is dropped";
    case kUdpMemory:
      return "All memory for UDP is used up, and what clients send is dropped";
    default:
      return "The kernel drops packets";
  }
}

}  // namespace

CauseCandidates CausesByDrops(const CauseEvidence& e) {
  struct Found {
    uint64_t weight;
    CauseCandidate cause;
  };
  std::vector<Found> found;
  ForEachDrop([&](candor_dir direction, candor_drop_reason r) {
    if (!Explains(e, direction, r)) return;
    const CauseCode code = CauseCodeOf(r, direction);
    const uint64_t datagrams = e.dropped.at(direction).at(r), attempts = e.lost.at(direction).at(r);
    std::string figures = fmt::format("{}, {}: {} within {}", DropName(r), DirectionName(direction),
                                      Many(datagrams, "datagram"), Span(e.window));
    if (e.lost_known) {
      figures += fmt::format("; of {} of {} failed attempts", attempts, e.failed);
    } else if (e.failed > 0) {
      figures += fmt::format("; {} failed meanwhile", Many(e.failed, "attempt"));
    }
    found.push_back({e.lost_known ? attempts : datagrams,
                     {code, true, fmt::format("{} ({}).", WhatHappens(code, direction), figures)}});
  });
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.weight > b.weight; });
  // Three times as many drops of another kind leave no doubt which it is.
  if (found.size() > 1 && found[0].weight >= 3 * found[1].weight) found.resize(1);
  CauseCandidates out;
  for (Found& f : found) out.push_back(std::move(f.cause));
  return out;
}

}  // namespace candor
