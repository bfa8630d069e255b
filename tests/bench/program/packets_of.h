// SPDX-License-Identifier: Apache-2.0
//
// The packets whose cost is measured, and the flows that they belong to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/packets/packets.h"

namespace candor {

// One packet whose cost is asked for. `before` brings its flow to the phase in question.
struct Case {
  std::string name;
  candor_dir dir;
  Bytes ip;
  std::vector<std::pair<candor_dir, Bytes>> before;
};

// Local ports below this one are outside Candor's scope in this bench.
constexpr uint16_t kPortMin = 1024;

// The n-th flow of many: all of one node's socket, each with another peer.
FlowKey CrowdKey(uint32_t n);

std::vector<Case> Cases();

// An ICE check of a flow that was never seen before, for n from 0.
Bytes NewCheck(uint32_t n);

// SRTP of 1,000 bytes of payload in the n-th flow.
Bytes CrowdMedia(uint32_t n, candor_dir dir);

}  // namespace candor
