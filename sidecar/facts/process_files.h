// SPDX-License-Identifier: Apache-2.0
//
// The media server's processes from one reading to the next: stopped, waiting for a disk, restarted, near the
// limit of their descriptors. Reads /proc/PID; one thread. Tested in tests/facts/process_files_test.cc.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "facts/local_facts.h"

namespace candor {

class ProcessFiles {
 public:
  static constexpr size_t kMostThreads = 1024;  // read at once, of all processes together

  // `ticks_per_second`: sysconf(_SC_CLK_TCK).
  ProcessFiles(std::string proc, long ticks_per_second)
      : proc_(std::move(proc)), ticks_per_second_(ticks_per_second) {}

  // `since_boot`: the time by CLOCK_BOOTTIME, in which processes' starts are counted.
  Fact<ProcessFacts> Read(const std::vector<int>& pids, bool cut, Time now, Duration since_boot);
  // Of the process nearest to its limit.
  Fact<Descriptors> ReadDescriptors(const std::vector<int>& pids) const;

 private:
  using Identity = std::pair<int, uint64_t>;  // pid and start
  struct Known {
    std::set<Identity> running;  // in the last reading with any
    Time first{};                // seen
  };
  struct States {
    size_t threads = 0, stopped = 0;
    bool blocked = false;
  };
  States ReadThreads(int pid, size_t* budget, std::set<int>* waiting);
  void CountRestarts(const std::map<std::string, std::set<Identity>>& running, Time now, ProcessFacts* out);

  const std::string proc_;
  const long ticks_per_second_;
  std::set<int> waiting_;                           // threads in state D in the reading before
  std::map<std::string, Known> known_;              // by name; at most kMostNames
  std::deque<std::pair<Time, uint32_t>> restarts_;  // of the last kRestartMemory
};

}  // namespace candor
