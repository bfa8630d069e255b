// SPDX-License-Identifier: Apache-2.0
//
// The way of a captured frame, of a file or a live capture: its IP packet, the direction of that, the flow
// table, and the events of the table to the sink. Counts every packet that it leaves out. One thread.
// Tested by tests/replay/file_source_test.cc.
#pragma once

#include <cstdint>
#include <functional>

#include "flow/flow_source.h"
#include "flow/flow_table.h"
#include "replay/capture_file/framing.h"
#include "replay/duplicate_filter.h"
#include "replay/layers/decapsulate.h"
#include "replay/node_addresses.h"
#include "replay/payload_truncation.h"
#include "replay/top_talkers.h"

namespace candor {

using FlowSink = std::function<void(const FlowEvent&)>;

// Packets by result; `captured` is the sum of the five below it.
struct IntakeCounts {
  uint64_t captured = 0;      // all
  uint64_t of_node = 0;       // from or to an address of the node
  uint64_t not_of_node = 0;   // IP between other hosts
  uint64_t not_ip = 0;        // ARP and the like
  uint64_t cut = 0;           // too short for an IP header
  uint64_t unknown_link = 0;  // of a link type that is not read

  // Of `of_node`; one between two addresses of the node counts in both.
  uint64_t out = 0, in = 0;
  uint64_t within = 0;  // between two addresses of the node
  uint64_t copies = 0;  // in another encapsulation before, and left out (duplicate_filter.h)
  PayloadTruncation payload;
  EncapsulationCounts encapsulations;  // of all packets
  uint64_t tunnel_endpoints = 0;       // of `not_of_node`: an outer address is the node's

  bool OneDirection() const { return of_node > 0 && (out == 0 || in == 0); }
  // Packets of both directions, with the bytes that are read of them.
  bool Judgeable() const { return out > 0 && in > 0 && !payload.IsShort(kMaxShortShare); }

  static constexpr double kMaxShortShare = 0.9;
};

class PacketIntake {
 public:
  // `depth`: of a tunnel's packets, the outer or the innermost IP packet counts (decapsulate.h).
  PacketIntake(NodeAddresses node, FlowTableOptions options, Depth depth)
      : node_(std::move(node)), table_(options), depth_(depth) {}

  // Returns the number of events given to `sink`.
  size_t Take(Time now, const CapturedPacket& packet, const FlowSink& sink);

  // A packet in of the node that its sockets lack: counted, and of no flow.
  void CountLost(const CapturedPacket& packet);

  // For the packets from now on.
  void SetNode(NodeAddresses node) { node_ = std::move(node); }
  const NodeAddresses& node() const { return node_; }
  FlowTable& table() { return table_; }
  const FlowTable& table() const { return table_; }
  const IntakeCounts& counts() const { return counts_; }
  const TopTalkers& others() const { return others_; }
  uint16_t unknown_link_type() const { return unknown_link_type_; }  // the last of `unknown_link`

 private:
  // False: the frame holds no IP packet.
  bool Count(const CapturedPacket& packet, const Decapsulated& decapsulated);
  size_t Feed(Time now, candor_dir dir, const IpPacket& packet, const FlowSink& sink);

  NodeAddresses node_;
  FlowTable table_;
  Depth depth_;
  IntakeCounts counts_;
  DuplicateFilter duplicates_;
  TopTalkers others_;  // of `not_of_node`
  uint16_t unknown_link_type_ = 0;
};

}  // namespace candor
