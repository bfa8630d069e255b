// SPDX-License-Identifier: Apache-2.0
//
// Brings together what the node says of itself: what it answers when asked (the poller) and what it pushes
// (ReportSelf). With both the worse counts. A pushed report grows stale and is UNREACHABLE then; before the
// first one the node is PENDING. Thread-safe.
#pragma once

#include <functional>
#include <mutex>

#include "base/time.h"
#include "selfreport/self_report.h"
#include "serve/serve_options.h"

namespace candor {

class SelfReportAggregator {
 public:
  // Told what counts from now on, whenever something was said or grew stale; under the self_reports's lock.
  using Sink = std::function<void(const SelfReport&)>;

  // `asked`: a poller will call OnPolled(). `push`: PushFrom of the configuration.
  SelfReportAggregator(bool asked, PushFrom push, Duration stale_after, Sink sink);

  PushFrom push() const { return push_; }
  void OnPolled(const SelfReport& report);
  // Valid for `valid_for`, at most for stale_after, from `now` (any steady clock, the same as in Tick).
  // Returns what counts.
  SelfReport OnPushed(SelfReport report, Duration valid_for, Time now);
  // Call at least once a second: a pushed report may have grown stale.
  void Tick(Time now);
  SelfReport Latest() const;

 private:
  SelfReport Worse() const;

  const bool poll_configured_;
  const PushFrom push_;
  const Duration stale_after_;
  const Sink sink_;
  mutable std::mutex mutex_;
  SelfReport polled_;
  SelfReport pushed_;
  Time stale_at_{};
  bool stale_ = true;  // nothing to grow stale
};

}  // namespace candor
