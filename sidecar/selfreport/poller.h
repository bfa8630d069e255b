// SPDX-License-Identifier: Apache-2.0
//
// Asks the node for its own report again and again, on a thread of its own. Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "selfreport/health_client.h"
#include "selfreport/self_report.h"
#include "selfreport/self_report_options.h"

namespace candor {

class Poller {
 public:
  // Called on the poller's thread with every report, in order.
  using Sink = std::function<void(const SelfReport&)>;

  // Starts asking at once. Without an `client` (kind none) nobody is asked, no thread runs, `sink` is never
  // called and Latest() says kNotConfigured.
  Poller(const SelfReportOptions& options, std::unique_ptr<HealthClient> client, Sink sink);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // The newest report; kPending until the first question is settled.
  SelfReport Latest() const;

  // Ends promptly even while a question hangs; afterwards `sink` is not called again. Idempotent. Must not
  // be called from `sink`.
  void Stop();

 private:
  void Run();
  bool PollOnce();  // false: stopped meanwhile

  const Duration interval_;
  const Duration timeout_;
  const std::unique_ptr<HealthClient> client_;
  const Sink sink_;
  mutable std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  SelfReport latest_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace candor
