// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/pipeline_thread.h"
#include "serve/state_file.h"

namespace candor::daemon {

// What the servers' verdicts were when an earlier candord ended.
struct PreviousVerdicts {
  Verdict node;
  std::vector<ServerStatus> servers;
};

// The judges' baselines as they were last read from the pipeline, to be saved when the pipeline does not
// answer. Thread-safe.
class SavedBaseline {
 public:
  // What an earlier process saved; before anything else is called.
  void Restore(const SavedState& previous);
  // Hands it to a pipeline that is not running yet. Logs an error when the judge cannot read it.
  void RestoreInto(PipelineThread& pipeline) const;
  // The pipeline runs: Refresh() and Reset() reach it from here on. It outlives their calls.
  void Attach(PipelineThread& pipeline) { pipeline_ = &pipeline; }

  // The verdicts that the earlier process left, if one of them is FAILING and still holds.
  std::optional<PreviousVerdicts> Alarm(const PipelineOptions& options) const;

  void Refresh();  // reads it from the pipeline; takes up to 1 s
  // Discards it here and in the pipeline. An error: the pipeline does not answer, and does it later.
  Result<void> Reset();
  void WriteTo(SavedState& state) const;

 private:
  bool RunOnPipeline(std::function<void(Pipeline&)> task);

  std::atomic<PipelineThread*> pipeline_ = nullptr;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<ServerBaseline> saved_;
  BootTime at_{};
  uint64_t resets_ = 0;  // a text that the pipeline gave before a reset must not replace it
};

}  // namespace candor::daemon
