// SPDX-License-Identifier: Apache-2.0
#include "daemon/watchdog.h"

#include <unistd.h>

#include <utility>

namespace candor::daemon {

Watchdog::Watchdog(WatchdogOptions options, Calls calls)
    : options_(options),
      calls_(std::move(calls)),
      worker_([this](const std::stop_token& stop) { Run(stop); }) {}

void Watchdog::Beat() {
  thread_.store(::gettid(), std::memory_order_relaxed);
  beats_.fetch_add(1, std::memory_order_relaxed);
}

bool Watchdog::Starved() const {
  const pid_t thread = thread_.load(std::memory_order_relaxed);
  if (thread == 0 || !calls_.starved || !calls_.starved(thread)) return false;
  if (calls_.on_starved) calls_.on_starved();
  return true;
}

Watchdog::~Watchdog() { Stop(); }

void Watchdog::Stop() { worker_.Stop(); }

void Watchdog::Run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { stopping_.Signal(); });
  uint64_t seen = beats_.load(std::memory_order_relaxed);
  // In the unit of a starved check, of which a silent one is worth several.
  const int limit = options_.checks * options_.starved_checks;
  for (int silent = 0; silent < limit;) {
    stopping_.Wait(-1, options_.interval);
    if (stop.stop_requested()) return;
    const uint64_t now = beats_.load(std::memory_order_relaxed);
    if (std::exchange(seen, now) != now) {
      silent = 0;
    } else {
      silent += Starved() ? options_.checks : options_.starved_checks;
    }
  }
  calls_.on_stall();
}

}  // namespace candor::daemon
