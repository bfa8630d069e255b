// SPDX-License-Identifier: Apache-2.0
//
// Attempts and failures per second, and how busy the machine is, over the last half minute. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>

#include "status/snapshot_store.h"

namespace candor {

struct Load {
  double attempts_per_second = 0;
  double failed_per_second = 0;
  double cpu = 0;  // 0..1 of the whole machine
};

// Busy and all processor time since boot, in any unit.
struct CpuTime {
  uint64_t busy = 0;
  uint64_t all = 0;
};
CpuTime ReadCpuTime();  // of /proc/stat; zeros when it cannot be read

class LoadMeter {
 public:
  explicit LoadMeter(std::function<CpuTime()> cpu = &ReadCpuTime) : cpu_(std::move(cpu)) {}

  // Takes a sample if the last one is a second old by the snapshot's time. Zeros until two are there.
  Load Measure(const Snapshot& snapshot);

 private:
  struct Sample {
    Time at{};
    uint64_t attempts = 0, failed = 0;
    CpuTime cpu;
  };

  const std::function<CpuTime()> cpu_;
  std::mutex mutex_;
  std::deque<Sample> samples_;
};

}  // namespace candor
