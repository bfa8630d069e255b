// SPDX-License-Identifier: Apache-2.0
#include "status/self_report_aggregator.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace candor {
namespace {

// Higher is worse. DOWN is an explicit answer, UNREACHABLE may be a slow one.
int Rank(const SelfReport& r) {
  switch (r.answer) {
    case SelfAnswer::kNotConfigured:
      return 0;
    case SelfAnswer::kOk:
      return 1;
    case SelfAnswer::kPending:
      return 2;
    case SelfAnswer::kUnreachable:
      return 3;
    case SelfAnswer::kDown:
      break;
  }
  return 4;
}

SelfReport Initial(bool expected, const char* target) {
  SelfReport r;
  if (!expected) return r;
  r.answer = SelfAnswer::kPending;
  r.target = target;
  return r;
}

}  // namespace

SelfReportAggregator::SelfReportAggregator(bool polled, PushFrom push, Duration stale_after, Sink sink)
    : poll_configured_(polled),
      push_(push),
      stale_after_(stale_after),
      sink_(std::move(sink)),
      polled_(Initial(polled, "")),
      pushed_(Initial(push != PushFrom::kOff, "pushed by the node")) {}

SelfReport SelfReportAggregator::Worse() const {
  if (!poll_configured_) return pushed_;
  return Rank(pushed_) > Rank(polled_) ? pushed_ : polled_;
}

void SelfReportAggregator::OnPolled(const SelfReport& report) {
  const std::lock_guard lock(mutex_);
  polled_ = report;
  if (sink_) sink_(Worse());
}

SelfReport SelfReportAggregator::OnPushed(SelfReport report, Duration valid_for, Time now) {
  const std::lock_guard lock(mutex_);
  report.target = pushed_.target;
  pushed_ = std::move(report);
  stale_at_ = now + std::min(valid_for, stale_after_);
  stale_ = false;
  if (sink_) sink_(Worse());
  return Worse();
}

void SelfReportAggregator::Tick(Time now) {
  const std::lock_guard lock(mutex_);
  if (stale_ || now < stale_at_) return;
  stale_ = true;
  pushed_.detail = fmt::format("not renewed in time; the last pushed report was {}", Name(pushed_.answer));
  pushed_.answer = SelfAnswer::kUnreachable;
  if (sink_) sink_(Worse());
}

SelfReport SelfReportAggregator::Latest() const {
  const std::lock_guard lock(mutex_);
  return Worse();
}

}  // namespace candor
