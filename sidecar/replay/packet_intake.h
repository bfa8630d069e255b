// SPDX-License-Identifier: Apache-2.0
//
// What file and live capture have in common: a captured frame becomes an IP packet with a direction, goes
// through the flow table, and its events to the sink. Counts everything it leaves out. One thread.
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

// Packets by what became of them; the five after `captured` add up to it.
struct IntakeCounts {
  uint64_t captured = 0;      // all
  uint64_t of_node = 0;       // from or to one of the node's addresses
  uint64_t not_of_node = 0;   // IP between others
  uint64_t not_ip = 0;        // ARP and the like
  uint64_t cut = 0;           // too short for an IP header
  uint64_t unknown_link = 0;  // of a link type that is not read

  // Of `of_node`; one between two of the node's addresses is in both.
  uint64_t out = 0, in = 0;
  uint64_t within = 0;  // between two of the node's addresses
  uint64_t copies = 0;  // were there already inside something else, and go no further (duplicate_filter.h)
  PayloadTruncation payload;
  EncapsulationCounts wrapped;    // of all packets, whosoever
  uint64_t tunnel_endpoints = 0;  // of `not_of_node`: the node's addresses are the outer ones

  bool OneDirection() const { return of_node > 0 && (out == 0 || in == 0); }
  // Whether it holds packets of both directions, with what is read of them.
  bool Judgeable() const { return out > 0 && in > 0 && !payload.IsShort(kMostlyShort); }

  static constexpr double kMostlyShort = 0.9;
};

class PacketIntake {
 public:
  // `depth`: whether tunnels are looked into (decapsulate.h). A packet counts with its innermost IP header
  // then, and what only carries it is nobody's.
  PacketIntake(NodeAddresses node, FlowTableOptions options, Depth depth)
      : node_(std::move(node)), table_(options), depth_(depth) {}

  // Returns the number of events handed to `sink`.
  size_t Take(Time now, const CapturedPacket& packet, const FlowSink& sink);

  // From now on the node has these addresses.
  void SetNode(NodeAddresses node) { node_ = std::move(node); }
  const NodeAddresses& node() const { return node_; }
  FlowTable& table() { return table_; }
  const FlowTable& table() const { return table_; }
  const IntakeCounts& counts() const { return counts_; }
  const TopTalkers& others() const { return others_; }
  uint16_t unknown_link_type() const { return unknown_link_type_; }  // the last link type that is not read

 private:
  // False when the frame has no IP packet to go on with.
  bool Count(const CapturedPacket& packet, const Decapsulated& decapsulated);
  size_t Feed(Time now, candor_dir dir, const IpPacket& packet, const FlowSink& sink);

  NodeAddresses node_;
  FlowTable table_;
  Depth depth_;
  IntakeCounts counts_;
  DuplicateFilter copies_;
  TopTalkers others_;  // of packets that are not the node's
  uint16_t unknown_link_type_ = 0;
};

}  // namespace candor
