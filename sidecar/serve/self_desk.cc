// SPDX-License-Identifier: Apache-2.0
#include "serve/self_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace candor {
namespace {

// Worst last. A node that is down said so itself; one that is unreachable may only be slow.
int Badness(const SelfReport& r) {
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

SelfDesk::SelfDesk(bool asked, PushFrom push, Duration stale_after, Sink sink)
    : asked_configured_(asked),
      push_(push),
      stale_after_(stale_after),
      sink_(std::move(sink)),
      asked_(Initial(asked, "")),
      pushed_(Initial(push != PushFrom::kOff, "pushed by the node")) {}

SelfReport SelfDesk::Worse() const {
  if (!asked_configured_) return pushed_;
  return Badness(pushed_) > Badness(asked_) ? pushed_ : asked_;
}

void SelfDesk::Asked(const SelfReport& report) {
  const std::lock_guard lock(mutex_);
  asked_ = report;
  if (sink_) sink_(Worse());
}

SelfReport SelfDesk::Pushed(SelfReport report, Duration valid_for, Time now) {
  const std::lock_guard lock(mutex_);
  report.target = pushed_.target;
  pushed_ = std::move(report);
  stale_at_ = now + std::min(valid_for, stale_after_);
  stale_ = false;
  if (sink_) sink_(Worse());
  return Worse();
}

void SelfDesk::Tick(Time now) {
  const std::lock_guard lock(mutex_);
  if (stale_ || now < stale_at_) return;
  stale_ = true;
  pushed_.detail = fmt::format("the node has not reported again since it said {}", Name(pushed_.answer));
  pushed_.answer = SelfAnswer::kUnreachable;
  if (sink_) sink_(Worse());
}

SelfReport SelfDesk::Latest() const {
  const std::lock_guard lock(mutex_);
  return Worse();
}

}  // namespace candor
