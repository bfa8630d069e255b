// SPDX-License-Identifier: Apache-2.0
//
// Polls the node's own health endpoint at an interval, on its own thread. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "base/worker.h"
#include "selfreport/health_client.h"
#include "selfreport/self_report.h"
#include "selfreport/self_report_options.h"

namespace candor {

class Poller {
 public:
  // Receives every report, in order, on the poller's thread.
  using Sink = std::function<void(const SelfReport&)>;

  // Starts polling at once. Without `client` (kind none) there is no thread, `sink` is never called and
  // Latest() is kNotConfigured.
  Poller(const SelfReportOptions& options, std::unique_ptr<HealthClient> client, Sink sink);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // The newest report; kPending before the end of the first check.
  SelfReport Latest() const;

  // Cancels a check in progress; afterwards `sink` is not called. Idempotent. Must not be called by `sink`.
  void Stop();

 private:
  void Run(const std::stop_token& stop);
  void Poll(const std::stop_token& stop);

  const Duration interval_;
  const Duration timeout_;
  const std::unique_ptr<HealthClient> client_;
  const Sink sink_;
  mutable std::mutex mutex_;
  SelfReport latest_;
  Worker worker_;  // last: it uses all of the above
};

}  // namespace candor
