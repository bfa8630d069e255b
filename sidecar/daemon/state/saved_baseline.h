// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/pipeline_thread.h"
#include "serve/state_file.h"

namespace candor::daemon {

// The judge's baseline as it was last read from the pipeline, to be saved when the pipeline does not answer.
// Thread-safe.
class SavedBaseline {
 public:
  // What an earlier process saved; before anything else is called.
  void Restore(const SavedState& previous);
  // Hands it to a pipeline that is not running yet. Logs an error when the judge cannot read it.
  void RestoreInto(PipelineThread& pipeline) const;
  // The pipeline runs: Refresh() and Reset() reach it from here on. It outlives their calls.
  void Attach(PipelineThread& pipeline) { pipeline_ = &pipeline; }

  // The verdict FAILING that the earlier process left, if it still holds.
  std::optional<Verdict> Alarm(const JudgeOptions& options) const;

  void Refresh();  // reads it from the pipeline; takes up to 1 s
  // Discards it here and in the pipeline. An error: the pipeline does not answer, and does it later.
  Result<void> Reset();
  void WriteTo(SavedState& state) const;

 private:
  bool RunOnPipeline(std::function<void(Pipeline&)> task);

  std::atomic<PipelineThread*> pipeline_ = nullptr;
  mutable std::mutex mutex_;  // guards what follows
  std::string text_;          // Judge::SaveBaseline; empty: none
  BootTime at_{};
  uint64_t resets_ = 0;  // a text that the pipeline gave before a reset must not replace it
};

}  // namespace candor::daemon
