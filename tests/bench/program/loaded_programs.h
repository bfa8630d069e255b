// SPDX-License-Identifier: Apache-2.0
//
// The empty program and Candor's programs, loaded once for the whole run: freeing many can hang a kernel.
#pragma once

#include <cstdint>
#include <memory>

#include "bench_packets.h"

struct flow_bpf;
struct floor_bpf;

namespace candor {

class LoadedPrograms {
 public:
  explicit LoadedPrograms(uint32_t flows_max);  // ends the process when a program cannot be loaded
  ~LoadedPrograms();
  LoadedPrograms(const LoadedPrograms&) = delete;
  LoadedPrograms& operator=(const LoadedPrograms&) = delete;

  int floor(candor_dir dir) const;  // program descriptors
  int candor(candor_dir dir) const;

  // Fills the flow map up to n flows: one becomes active by packets, the others are its copies.
  void FillTo(uint32_t n);
  uint64_t FlowMapBytes() const;  // memlock of the kernel

 private:
  flow_bpf* candor_ = nullptr;
  floor_bpf* floor_ = nullptr;
  uint32_t filled_ = 0;
};

// CPU time of one run of the program on this packet, in nanoseconds: the mean of `repeat` runs.
double MeanRunCost(int program, const Bytes& ip, uint32_t repeat);
// The same of one run, by the clock of the kernel, with the caches as they are.
double SingleRunCost(int program, const Bytes& ip);

}  // namespace candor
