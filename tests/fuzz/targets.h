// SPDX-License-Identifier: Apache-2.0
//
// The fuzz targets: one function for each interface that takes foreign bytes. A target aborts on a broken
// invariant, so that libFuzzer and the unit test of the kept inputs both see it. Pure, one thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace candor::fuzz {

using Input = std::span<const uint8_t>;

void Capture(Input input);   // a capture file
void Classify(Input input);  // two bytes of choices, then an IP packet
void Config(Input input);    // YAML
void FlowStep(Input input);  // a PacketScript
void Metrics(Input input);   // a page of metrics
void Ring(Input input);      // a record of the kernel's event ring
void Row(Input input);       // a LiveKit node's row in Redis
void Stun(Input input);      // one byte of choices, then a UDP payload
void Trace(Input input);     // JSON lines
void Tracker(Input input);   // a PacketScript

struct Target {
  std::string_view name;  // of the program, its corpus and its folder in tests/data/fuzz
  void (*run)(Input);
};
inline constexpr Target kTargets[] = {
    {"capture", Capture}, {"classify", Classify}, {"config", Config}, {"flow_step", FlowStep},
    {"metrics", Metrics}, {"ring", Ring},         {"row", Row},       {"stun", Stun},
    {"trace", Trace},     {"tracker", Tracker},
};

}  // namespace candor::fuzz
