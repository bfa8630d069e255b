// SPDX-License-Identifier: Apache-2.0
#include "selfreport/poller.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace candor {

Poller::Poller(const SelfReportOptions& options, std::unique_ptr<HealthClient> client, Sink sink)
    : interval_(options.interval),
      timeout_(options.timeout),
      client_(std::move(client)),
      sink_(std::move(sink)) {
  latest_.target = options.target;
  if (!client_) return;
  latest_.answer = SelfAnswer::kPending;
  worker_ = Worker([this](const std::stop_token& stop) { Run(stop); });
}

Poller::~Poller() { Stop(); }

SelfReport Poller::Latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

void Poller::Stop() {
  if (!worker_.running()) return;
  worker_.RequestStop();
  client_->Cancel();
  worker_.Stop();
}

void Poller::Run(const std::stop_token& stop) {
  auto next = std::chrono::steady_clock::now();
  do {
    Poll(stop);
    // The interval runs from start to start, or from the end of a check that took longer.
    const auto now = std::chrono::steady_clock::now();
    next = std::max(next + interval_, now);
    SleepUnlessStopped(stop, next - now);
  } while (!stop.stop_requested());
}

void Poller::Poll(const std::stop_token& stop) {
  const auto checked_at = std::chrono::system_clock::now();
  HealthCheckResult result = client_->Check(timeout_);
  if (stop.stop_requested()) return;  // a cancelled check has no meaning
  SelfReport report;
  {
    const std::lock_guard lock(mutex_);
    latest_.answer = result.answer;
    latest_.detail = std::move(result.detail);
    latest_.checked_at = checked_at;
    report = latest_;
  }
  if (sink_) sink_(report);
}

}  // namespace candor
