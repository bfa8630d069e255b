// SPDX-License-Identifier: Apache-2.0
//
// A media connection as a script of packets: ICE check and answer, DTLS both ways, then SRTP both ways.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/packets/packets.h"

namespace candor {

struct Step {
  candor_dir dir;
  Bytes payload;
};

// How many steps bring an attempt from its first check to active.
constexpr size_t kSetupSteps = 8;

// Step `n` of attempt `id`, whose ufrag on the node's side is made of the id.
Step SetupStep(uint32_t id, size_t n);

// SRTP as it goes on; `sequence` counts up.
Bytes Media(uint32_t id, uint16_t sequence);

// The peer's goodbye: a DTLS alert, encrypted.
Bytes Goodbye();

}  // namespace candor
