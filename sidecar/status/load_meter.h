// SPDX-License-Identifier: Apache-2.0
//
// Rates of attempts and failures and the processor load, means over the last 30 s. Thread-safe.
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
  double cpu = 0;  // 0..1, all processors
};

// Processor time since boot, both in the same unit.
struct CpuTime {
  uint64_t busy = 0;
  uint64_t all = 0;
};
CpuTime ReadCpuTime();  // of /proc/stat; zeros when it cannot be read

class LoadMeter {
 public:
  explicit LoadMeter(std::function<CpuTime()> cpu = &ReadCpuTime) : cpu_(std::move(cpu)) {}

  // Takes a sample when the last one is 1 s old by verdict.at. All zero until there are two samples.
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
