// SPDX-License-Identifier: Apache-2.0
//
// Detects a pipeline thread that has stalled: without it candord would serve an old verdict for ever. Waits
// by the kernel's timer and reads no clock, because a clock that stands still also stalls the pipeline.
#pragma once

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
};

class Watchdog {
 public:
  // `on_stall` is called once, on the watchdog's thread; it is expected not to return.
  Watchdog(WatchdogOptions options, std::function<void()> on_stall);
  ~Watchdog();  // Stop()
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  void Beat() { beats_.fetch_add(1, std::memory_order_relaxed); }  // thread-safe
  void Stop();                                                     // idempotent

 private:
  void Run(const std::stop_token& stop);

  const WatchdogOptions options_;
  const std::function<void()> on_stall_;
  std::atomic<uint64_t> beats_ = 0;
  const EventFd stopping_;
  Worker worker_;
};

}  // namespace candor::daemon
