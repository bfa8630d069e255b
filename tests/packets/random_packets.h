// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "tests/packets/packets.h"

namespace candor {

struct RandomPacket {
  candor_dir dir = CANDOR_IN;
  Bytes ip;
  uint16_t segments = 1;
};

// An endless stream of packets between few endpoints with few names, so that they meet in the same flows and
// drive them through every phase; about a third are then mutated. The same seed gives the same stream.
class RandomPackets {
 public:
  explicit RandomPackets(uint64_t seed) : random_(seed) {}

  RandomPacket Next();

 private:
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  bool OneIn(uint32_t n) { return Below(n) == 0; }
  uint8_t Byte() { return static_cast<uint8_t>(random_()); }
  Bytes Noise(uint32_t most);

  FlowKey Endpoints();
  Bytes Inner(candor_dir dir);
  Bytes Payload(const FlowKey& key, candor_dir dir);
  Bytes RandomStun(candor_dir dir);
  Bytes OddStun();
  Bytes RandomTurn(candor_dir dir);
  Bytes TurnAnswer(uint8_t transaction);
  Bytes Enveloped(candor_dir dir);
  Bytes Sped(candor_dir dir, const std::string& node, uint8_t transaction);
  Bytes HiddenRecord();
  Bytes RandomDtls();
  Bytes Compound(uint32_t ssrc);
  Bytes RandomRtp();
  Bytes Wrap(const FlowKey& key, candor_dir dir, const Bytes& payload);
  Bytes Extended(const FlowKey& key, candor_dir dir, const Bytes& payload);
  void Mutate(Bytes* ip);

  std::mt19937_64 random_;
  uint16_t sequence_ = 0;
};

}  // namespace candor
