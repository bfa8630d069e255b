// SPDX-License-Identifier: Apache-2.0
#include "daemon/state/saved_baseline.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "daemon/log.h"

namespace candor::daemon {
namespace {

constexpr Duration kPipelineTimeout =
    std::chrono::seconds(1);  // of a pipeline that turns 8 to 40 times a second

Duration AgeOf(BootTime at) { return std::max<Duration>(BootNow() - at, Duration::zero()); }

}  // namespace

void SavedBaseline::Restore(const SavedState& previous) {
  const std::lock_guard lock(mutex_);
  text_ = previous.baseline;
  at_ = previous.baseline_at;
}

void SavedBaseline::RestoreInto(PipelineThread& pipeline) const {
  const std::lock_guard lock(mutex_);
  if (text_.empty()) return;
  pipeline.Execute(
      [this](Pipeline& p) {
        const auto ok = p.RestoreBaseline(text_, AgeOf(at_), MonotonicNow());
        if (!ok) LogError("the baseline is learned again: " + ok.error().message);
      },
      kPipelineTimeout);
}

std::optional<Verdict> SavedBaseline::Alarm(const JudgeOptions& options) const {
  const std::lock_guard lock(mutex_);
  Judge judge(options);
  // RestoreInto() logs an error.
  if (text_.empty() || !judge.RestoreBaseline(text_, AgeOf(at_), MonotonicNow())) return std::nullopt;
  return judge.verdict().state == State::kFailing ? std::optional(judge.verdict()) : std::nullopt;
}

bool SavedBaseline::RunOnPipeline(std::function<void(Pipeline&)> task) {
  PipelineThread* pipeline = pipeline_;
  return pipeline != nullptr && pipeline->Execute(std::move(task), kPipelineTimeout);
}

void SavedBaseline::Refresh() {
  uint64_t resets = 0;
  {
    const std::lock_guard lock(mutex_);
    resets = resets_;
  }
  const auto text = std::make_shared<std::string>();
  if (!RunOnPipeline([text](Pipeline& p) { *text = p.SaveBaseline(); })) return;
  const std::lock_guard lock(mutex_);
  if (resets != resets_) return;
  text_ = *text;
  at_ = BootNow();
}

Result<void> SavedBaseline::Reset() {
  const bool answered = RunOnPipeline([](Pipeline& p) { p.ResetBaseline(); });
  {
    const std::lock_guard lock(mutex_);
    ++resets_;
    text_.clear();
  }
  if (answered) return {};
  return Fail(
      "the pipeline does not answer yet; it discards the baseline as soon as it does, and none is saved");
}

void SavedBaseline::WriteTo(SavedState& state) const {
  const std::lock_guard lock(mutex_);
  state.baseline = text_;
  state.baseline_at = at_;
}

}  // namespace candor::daemon
