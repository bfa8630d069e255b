// SPDX-License-Identifier: Apache-2.0
//
// Detects a pipeline thread that has stalled: without it candord would serve an old verdict for ever. Waits
// by the kernel's timer and reads no clock, because a clock that stands still also stalls the pipeline.
// Tested in tests/daemon/watchdog_test.cc.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

#include "base/event_fd.h"
#include "base/worker.h"

namespace candor::daemon {

struct WatchdogOptions {
  std::chrono::milliseconds interval = std::chrono::milliseconds(200);  // between two checks
  // Consecutive checks without a beat. Checks, not time: while a process is stopped or a machine suspended
  // there is neither a beat nor a check, and the pipeline has not stalled.
  int checks = 8;
  // The same when the thread only waited for a CPU at all of them (thread_progress.h); otherwise in
  // proportion. A machine without CPU for so long serves old verdicts, whatever the cause.
  int starved_checks = 40;
};

class Watchdog {
 public:
  struct Calls {
    std::function<void()> on_stall;  // once; it is expected not to return
    // Whether the thread of this id waits for a CPU; empty: it never does. Called only without a beat.
    std::function<bool(pid_t)> starved = {};
    std::function<void()> on_starved = {};  // at each check that found it so; may be empty
  };
  // All are called on the watchdog's thread.
  Watchdog(WatchdogOptions options, Calls calls);
  ~Watchdog();  // Stop()
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  void Beat();  // by the thread that is watched
  void Stop();  // idempotent

 private:
  void Run(const std::stop_token& stop);
  bool Starved() const;

  const WatchdogOptions options_;
  const Calls calls_;
  std::atomic<uint64_t> beats_ = 0;
  std::atomic<pid_t> thread_ = 0;  // that beats
  const EventFd stopping_;
  Worker worker_;
};

}  // namespace candor::daemon
