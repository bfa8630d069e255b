// SPDX-License-Identifier: Apache-2.0
#include "daemon/watchdog.h"

#include <utility>

namespace candor::daemon {

Watchdog::Watchdog(WatchdogOptions options, std::function<void()> stalled)
    : options_(options), stalled_(std::move(stalled)), thread_([this] { Run(); }) {}

Watchdog::~Watchdog() { Stop(); }

void Watchdog::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Watchdog::Run() {
  uint64_t seen = beats_.load(std::memory_order_relaxed);
  int silent = 0;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, options_.look, [this] { return stop_; })) {
    const uint64_t now = beats_.load(std::memory_order_relaxed);
    silent = now == seen ? silent + 1 : 0;
    seen = now;
    if (silent < options_.patience) continue;
    stalled_();
    return;
  }
}

}  // namespace candor::daemon
