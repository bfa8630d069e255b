// SPDX-License-Identifier: Apache-2.0
#include "daemon/watchdog.h"

#include <utility>

namespace candor::daemon {

Watchdog::Watchdog(WatchdogOptions options, std::function<void()> stalled)
    : options_(options), stalled_(std::move(stalled)), thread_([this] { Run(); }) {}

Watchdog::~Watchdog() { Stop(); }

void Watchdog::Stop() {
  if (!thread_.joinable()) return;
  stop_ = true;
  wake_.Signal();
  thread_.join();
}

void Watchdog::Run() {
  uint64_t seen = beats_.load(std::memory_order_relaxed);
  for (int silent = 0; silent < options_.patience;) {
    wake_.Wait(-1, options_.look);
    if (stop_) return;
    const uint64_t now = beats_.load(std::memory_order_relaxed);
    silent = now == seen ? silent + 1 : 0;
    seen = now;
  }
  stalled_();
}

}  // namespace candor::daemon
