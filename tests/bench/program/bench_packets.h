// SPDX-License-Identifier: Apache-2.0
//
// The packets whose cost is measured, and their flows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/packets/packets.h"

namespace candor {

// One packet to measure. `before` brings its flow to the phase of the case.
struct Case {
  std::string name;
  candor_dir dir;
  Bytes ip;
  std::vector<std::pair<candor_dir, Bytes>> before;
};

// The programs of this bench ignore local ports below this one.
constexpr uint16_t kPortMin = 1024;

// The n-th flow of one socket of the node, each with another peer.
FlowKey NthFlowKey(uint32_t n);

std::vector<Case> Cases();

// An ICE check that begins a new flow, for each n from 0.
Bytes NewCheck(uint32_t n);

// SRTP with 1,000 bytes of payload, in the n-th flow.
Bytes NthFlowMedia(uint32_t n, candor_dir dir);

}  // namespace candor
