// SPDX-License-Identifier: Apache-2.0
//
// The allocation that a relayed transport address belongs to. One thread.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "attempt/relay.h"
#include "flow/address.h"

namespace candor {

class RelayIndex {
 public:
  void Bind(const RelayedAddresses& relayed, uint64_t attempt);
  void Retire(const RelayedAddresses& relayed, uint64_t attempt);
  // The attempt with this relayed address; 0: none. A server behind NAT announces its public address while
  // its flows show the private one, so without an exact match the newest of the same port and family is
  // taken.
  uint64_t Find(const Endpoint& local) const;

 private:
  struct Entry {
    uint32_t head;
    uint64_t attempt;
  };
  static uint32_t Key(bool v6, uint16_t port) { return (v6 ? 0x10000u : 0u) | port; }

  std::unordered_map<uint32_t, std::vector<Entry>> by_port_;  // newest last
};

}  // namespace candor
