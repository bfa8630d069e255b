// SPDX-License-Identifier: Apache-2.0
//
// What is usual, and an alarm in force, kept beyond the process.
#include <algorithm>
#include <utility>

#include "verdict/baseline_text.h"
#include "verdict/judge_impl.h"

namespace candor {

std::optional<SavedAlarm> Judge::Impl::Remember() const {
  const auto latch = health_.Remember(now_);
  if (!latch) return std::nullopt;
  return SavedAlarm{*latch, deciding_, alarm_.deaf, alarm_.measured.sending, verdict_};
}

// Attempts that are open since before the restart have had their verdict: it is this one.
void Judge::Impl::Resume(const SavedAlarm& m, Duration age) {
  if (!health_.Resume(m.latch, age, now_)) return;
  deciding_ = m.detector;
  alarm_ = Findings{};
  alarm_.alarm = m.detector;
  alarm_.deaf = m.deaf;
  alarm_.measured.sending = m.sending;
  const Verdict before = std::exchange(verdict_, m.figures);
  verdict_.detector = std::string(Name(m.detector));
  verdict_.detectors = before.detectors;
  recovery_.Begin(now_, m.figures.severity, TestOf(deciding_).usual());
  judged_from_ = now_;
  Publish(alarm_, true);
}

std::string Judge::Impl::SaveBaseline() const {
  return ToText({baseline_.Export(), rate_.PerSecond(), usual_row_.seen(), Remember(), sockets_.learned(),
                 media_.learned()});
}

Result<void> Judge::Impl::RestoreBaseline(std::string_view text, Duration age, Time now) {
  if (age < Duration(0)) return Fail("saved baseline: it cannot be younger than now");
  const auto saved = ParseBaseline(text);
  if (!saved) return tl::make_unexpected(saved.error());
  now_ = std::max(now_, now);
  baseline_.Import(saved->state, age, now_);
  rate_.Restore(saved->per_second);
  usual_row_.Restore(saved->rows, age);
  sockets_.Relearn(saved->sockets);
  media_.Relearn(saved->media, age);
  Tune(true);
  if (saved->alarm) Resume(*saved->alarm, age);
  return {};
}

void Judge::Impl::ResetBaseline() {
  baseline_ = Baseline();
  usual_row_ = FailureRunLength();
  successes_ = BaselineSuccesses();
  ack_rate_ = AckRateTest();
  SetRate();
  sockets_.Relearn({});
  media_.Relearn({}, Duration(0));
  Tune(true);
}

}  // namespace candor
