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
  thread_ = std::thread([this] { Run(); });
}

Poller::~Poller() { Stop(); }

SelfReport Poller::Latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

void Poller::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  client_->Cancel();
  thread_.join();
}

void Poller::Run() {
  auto next = std::chrono::steady_clock::now();
  while (PollOnce()) {
    // From question to question; after one that took longer than the interval the beat starts anew.
    const auto now = std::chrono::steady_clock::now();
    next = std::max(next + interval_, now);
    std::unique_lock lock(mutex_);
    if (stopping_.wait_until(lock, next, [this] { return stop_; })) return;
  }
}

bool Poller::PollOnce() {
  const auto checked_at = std::chrono::system_clock::now();
  HealthCheckResult answer = client_->Check(timeout_);
  SelfReport report;
  {
    const std::lock_guard lock(mutex_);
    if (stop_) return false;  // a cancelled question says nothing of the node
    latest_.answer = answer.answer;
    latest_.detail = std::move(answer.detail);
    latest_.checked_at = checked_at;
    report = latest_;
  }
  if (sink_) sink_(report);
  return true;
}

}  // namespace candor
