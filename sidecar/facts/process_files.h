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

  struct Moment {
    Time now{};
    Duration since_boot{};  // by CLOCK_BOOTTIME, in which processes' starts are counted
    bool threads = true;    // of all processes; false: of those whose first thread is stopped
  };
  // `cut`: there are more than `pids`.
  Fact<ProcessFacts> Read(const std::vector<int>& pids, bool cut, const Moment& moment);
  // Of the process nearest to its limit. `count`: also one by one, where the kernel does not tell how many
  // (Linux before 6.2); some milliseconds for 10,000.
  Fact<Descriptors> ReadDescriptors(const std::vector<int>& pids, bool count) const;

 private:
  using Identity = std::pair<int, uint64_t>;  // pid and start
  struct Known {
    std::set<Identity> running;  // in the last reading with any
    Duration seen{};             // since boot, of that reading
  };
  struct States {
    size_t threads = 0, stopped = 0;
    bool blocked = false;
  };
  States ReadThreads(int pid, size_t* budget, std::set<int>* waiting);
  using Running = std::map<std::string, std::set<Identity>>;  // by name
  void CountRestarts(const Running& running, const Moment& moment, ProcessFacts* out);
  bool Replaces(Known* k, std::set<Identity> running, Duration stays, const Moment& moment) const;

  Duration SinceBoot(uint64_t ticks) const;

  const std::string proc_;
  const long ticks_per_second_;
  std::set<int> waiting_;               // threads in state D in the reading before
  std::map<std::string, Known> known_;  // by name; at most kMostNames
  Known all_;
  bool seen_ = false;                     // a process, ever
  Time gone_since_{};                     // Time{}: in the last reading some were there
  std::deque<Time> restarts_, replaced_;  // of the last kRestartMemory
};

}  // namespace candor
