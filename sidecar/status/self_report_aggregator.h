// SPDX-License-Identifier: Apache-2.0
//
// Combines the node's self-reports: the polled one (selfreport/poller.h) and the pushed one (ReportSelf).
// With both the worse counts. Before its first report a configured way is PENDING; a pushed report that is
// not renewed in time becomes UNREACHABLE. Thread-safe.
#pragma once

#include <functional>
#include <mutex>

#include "base/time.h"
#include "selfreport/self_report.h"
#include "selfreport/self_report_options.h"

namespace candor {

class SelfReportAggregator {
 public:
  // Receives the combined report at every new or expired report, under this object's lock.
  using Sink = std::function<void(const SelfReport&)>;

  // `polled`: a poller calls OnPolled(). `push`: kOff: reports are not pushed.
  SelfReportAggregator(bool polled, PushFrom push, Duration stale_after, Sink sink);

  PushFrom push() const { return push_; }
  void OnPolled(const SelfReport& report);
  // Valid for `valid_for` but at most `stale_after` from `now` (a steady clock, the same as in Tick). Returns
  // the combined report.
  SelfReport OnPushed(SelfReport report, Duration valid_for, Time now);
  // Expires the pushed report. To be called at least once a second.
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
  bool stale_ = true;  // nothing to expire
};

}  // namespace candor
