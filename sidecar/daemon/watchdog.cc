// SPDX-License-Identifier: Apache-2.0
#include "daemon/watchdog.h"

#include <utility>

namespace candor::daemon {

Watchdog::Watchdog(WatchdogOptions options, std::function<void()> on_stall)
    : options_(options),
      on_stall_(std::move(on_stall)),
      worker_([this](const std::stop_token& stop) { Run(stop); }) {}

Watchdog::~Watchdog() { Stop(); }

void Watchdog::Stop() { worker_.Stop(); }

void Watchdog::Run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { stopping_.Signal(); });
  uint64_t seen = beats_.load(std::memory_order_relaxed);
  for (int silent = 0; silent < options_.checks;) {
    stopping_.Wait(-1, options_.interval);
    if (stop.stop_requested()) return;
    const uint64_t now = beats_.load(std::memory_order_relaxed);
    silent = now == seen ? silent + 1 : 0;
    seen = now;
  }
  on_stall_();
}

}  // namespace candor::daemon
