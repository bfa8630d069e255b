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
  saved_ = previous.servers;
  if (saved_.empty() && !previous.baseline.empty()) saved_ = {{"", previous.baseline, {}}};
  at_ = previous.baseline_at;
}

void SavedBaseline::RestoreInto(PipelineThread& pipeline) const {
  const std::lock_guard lock(mutex_);
  if (saved_.empty()) return;
  pipeline.Execute(
      [this](Pipeline& p) {
        const auto ok = p.RestoreBaselines(saved_, AgeOf(at_), MonotonicNow());
        if (!ok) LogError("the baseline is learned again: " + ok.error().message);
      },
      kPipelineTimeout);
}

std::optional<PreviousVerdicts> SavedBaseline::Alarm(const PipelineOptions& options) const {
  const std::lock_guard lock(mutex_);
  Pipeline pipeline(options);
  // RestoreInto() logs an error.
  static_cast<void>(pipeline.RestoreBaselines(saved_, AgeOf(at_), MonotonicNow()));
  PreviousVerdicts left{pipeline.verdict(), pipeline.servers()};
  const auto failing = [](const Verdict& v) { return v.state == State::kFailing; };
  const bool any = failing(left.node) || std::any_of(left.servers.begin(), left.servers.end(),
                                                     [&](const auto& s) { return failing(s.verdict); });
  return any ? std::optional(std::move(left)) : std::nullopt;
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
  const auto saved = std::make_shared<std::vector<ServerBaseline>>();
  if (!RunOnPipeline([saved](Pipeline& p) { *saved = p.SaveBaselines(); })) return;
  const std::lock_guard lock(mutex_);
  if (resets != resets_) return;
  saved_ = std::move(*saved);
  at_ = BootNow();
}

Result<void> SavedBaseline::Reset() {
  const bool answered = RunOnPipeline([](Pipeline& p) { p.ResetBaselines(); });
  {
    const std::lock_guard lock(mutex_);
    ++resets_;
    saved_.clear();
  }
  if (answered) return {};
  return Fail(
      "the pipeline does not answer yet; it discards the baseline as soon as it does, and none is saved");
}

void SavedBaseline::WriteTo(SavedState& state) const {
  const std::lock_guard lock(mutex_);
  state.servers = saved_;
  state.baseline = saved_.size() == 1 ? saved_.front().text : "";
  state.baseline_at = at_;
}

}  // namespace candor::daemon
