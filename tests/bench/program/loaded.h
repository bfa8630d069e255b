// SPDX-License-Identifier: Apache-2.0
//
// The floor program and Candor's programs, loaded once for the whole run: freeing many can hang a kernel.
#pragma once

#include <cstdint>
#include <memory>

#include "packets_of.h"

struct flow_bpf;
struct floor_bpf;

namespace candor {

class Loaded {
 public:
  explicit Loaded(uint32_t flows_max);  // ends the process when a program cannot be loaded
  ~Loaded();
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;

  int floor(candor_dir dir) const;  // program descriptors
  int candor(candor_dir dir) const;

  // Fills the map up to n flows: one active flow made by packets, and copies of it.
  void FillTo(uint32_t n);
  uint64_t FlowMapBytes() const;  // as the kernel accounts for them

 private:
  flow_bpf* candor_ = nullptr;
  floor_bpf* floor_ = nullptr;
  uint32_t filled_ = 0;
};

// CPU nanoseconds of one run of the program on this packet: the mean of `repeat` runs.
double RunCost(int program, const Bytes& ip, uint32_t repeat);
// One run as the kernel's own clock saw it, with whatever the caches held.
double OneRun(int program, const Bytes& ip);

}  // namespace candor
