// SPDX-License-Identifier: Apache-2.0
//
// Ends a process whose line stands still: a verdict that nobody renews would be served for ever. It waits by
// the kernel's timer alone and reads no clock, because the line also stands still when its clock does.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>

#include "base/event_fd.h"

namespace candor::daemon {

struct WatchdogOptions {
  std::chrono::milliseconds look = std::chrono::milliseconds(200);
  // This many looks in a row without a beat between them. Looks, not time: a process that was stopped, or a
  // machine that slept, has neither beaten nor looked, and is not stalled.
  int patience = 8;
};

class Watchdog {
 public:
  // `stalled` is called once, on the dog's thread; it is expected not to return.
  Watchdog(WatchdogOptions options, std::function<void()> stalled);
  ~Watchdog();  // Stop()
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  void Beat() { beats_.fetch_add(1, std::memory_order_relaxed); }  // thread-safe
  void Stop();                                                     // idempotent

 private:
  void Run();

  const WatchdogOptions options_;
  const std::function<void()> stalled_;
  std::atomic<uint64_t> beats_ = 0;
  std::atomic<bool> stop_ = false;
  const EventFd wake_;
  std::thread thread_;
};

}  // namespace candor::daemon
