// SPDX-License-Identifier: Apache-2.0
//
// Datagrams that this node's kernel dropped: on the way in before a socket read them, or on the way out after
// a socket sent them. The flow of such a packet may be unknown to the source: a firewall's drop comes before
// the cgroup hook. The first bytes are read by the same bpf/ headers as any packet (FlowTable). Values only.
// Tested in tests/flow/lost_packet_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/time.h"
#include "bpf/abi.h"
#include "bpf/drops.h"

namespace candor {

struct LostPacket {
  Time at{};
  candor_dir direction = CANDOR_IN;
  candor_drop_reason reason = CANDOR_DROP_NONE;
  uint64_t cgroup_id = 0;  // of the socket; 0: there is none, or it is not known
  uint16_t segments = 1;   // datagrams in a GSO or GRO packet
  uint16_t length = 0;     // of the packet from its IP header on, as it was on the wire
  uint16_t captured = 0;   // bytes of `head` in use
  std::array<uint8_t, CANDOR_LOST_BYTES> head{};  // from the IP header on

  std::span<const uint8_t> bytes() const { return std::span(head).first(captured); }
};

}  // namespace candor
