// SPDX-License-Identifier: Apache-2.0
//
// Whether a thread waits for a CPU. On a machine with a load of hundreds a thread may get none for seconds;
// it has not stalled then, and to end its process would not help.
//
// Source: proc(5) "/proc/[pid]/stat": state, utime and stime. Used by one thread.
// Tested in tests/daemon/thread_progress_test.cc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor::daemon {

struct ThreadTime {
  char state = '?';    // 'R': runs or waits for a CPU; 'S', 'D': sleeps
  uint64_t ticks = 0;  // of CPU time, a hundredth of a second each
};
// Of the text of a stat file; nullopt for another text.
std::optional<ThreadTime> ParseThreadTime(std::string_view stat);

class ThreadProgress {
 public:
  // Below two ticks in a fifth of a second: less than a tenth of a CPU.
  static constexpr uint64_t kStarvedTicks = 2;

  explicit ThreadProgress(std::string proc = "/proc/self") : proc_(std::move(proc)) {}

  // Whether the thread could run and got almost no CPU since the last call, which is to be a fifth of a
  // second ago. False at the first call for a thread, and when it cannot be read.
  bool Starved(pid_t thread);

 private:
  const std::string proc_;
  pid_t thread_ = 0;
  uint64_t ticks_ = 0;
};

}  // namespace candor::daemon
