// SPDX-License-Identifier: Apache-2.0
//
// What this node lost between the wire and its sockets, by two captures of one machine: one at the network
// interface, one at the sockets (a cgroup's ingress and egress). A packet is the same in both by its 5-tuple,
// the first bytes of its payload (they hold STUN's transaction, the record number of DTLS, RTP's sequence
// number) and its time. A packet in that the wire has and no socket, and one out that a socket has and the
// wire has not, is lost; the captures do not show why. One thread. Tested in
// tests/replay/loss_finder_test.cc.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include "flow/lost_packet.h"
#include "replay/capture_file/monotonic_reader.h"
#include "replay/node_addresses.h"

namespace candor {

// A UDP packet of the node in a capture; `content` is the same in every capture of it.
struct IdentifiedPacket {
  candor_dir direction = CANDOR_IN;
  uint64_t content = 0;            // a hash, with the direction
  std::span<const uint8_t> bytes;  // captured, from the innermost IP header on
  uint32_t wire_length = 0;
};
// nullopt: another packet, or one between two addresses of the node.
std::optional<IdentifiedPacket> Identify(const CapturedPacket& packet, const NodeAddresses& node);

class LossFinder {
 public:
  // Clocks of one machine, and a queue in between: a packet may be so much earlier or later in the other
  // capture.
  static constexpr Duration kWindow = std::chrono::seconds(1);

  struct Loss {
    uint64_t content = 0;
    LostPacket packet;  // reason kNotDelivered
  };

  LossFinder(CaptureReader wire, CaptureReader socket, NodeAddresses node)
      : node_(std::move(node)), wire_(std::move(wire)), socket_(std::move(socket)) {}

  // Delivers the packets lost before `limit`, in order of time within each direction. Packets before the
  // other capture begins are not lost, nor those out after the wire's ended. An error, damage of a file, is
  // final.
  Result<void> Until(Time limit, const std::function<void(const Loss&)>& sink);

 private:
  // One capture: what is read of it, and what of that waits for its match in the other one.
  struct Side {
    explicit Side(CaptureReader r) : reader(std::move(r)) {}
    MonotonicReader reader;
    CapturedPacket next;
    bool has_next = false, ended = false;
    Time begin = Time::max(), last{};                          // of the packets read
    std::deque<Loss> waiting;                                  // lost unless found in the other capture
    std::unordered_map<uint64_t, std::deque<Time>> unmatched;  // by content: seen here alone so far
    std::deque<std::pair<Time, uint64_t>> order;               // of `unmatched`
  };

  Result<void> Read(Side* side, candor_dir waits, Time limit);
  static bool Match(Side* side, uint64_t content, Time at);
  static void Forget(Side* side, Time before);
  void Decide(Side* side, Side* other, Time limit, const std::function<void(const Loss&)>& sink);

  NodeAddresses node_;
  Side wire_, socket_;
};

}  // namespace candor
