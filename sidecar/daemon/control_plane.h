// SPDX-License-Identifier: Apache-2.0
//
// What people do to a running candord, and what of it outlives the process: history, orders, reload, hook,
// state file. Wires them to SnapshotStore and PipelineThread. Thread-safe once constructed.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/hook.h"
#include "daemon/paths.h"
#include "daemon/pipeline_thread.h"
#include "daemon/reload.h"
#include "daemon/state/state_writer.h"
#include "serve/serve_parts.h"
#include "serve/server.h"
#include "web/web_server.h"

namespace candor::daemon {

// Where the state is kept, and what an earlier process left there. Logs why nothing is, if so.
struct StateFile {
  std::string path;     // empty: nowhere
  std::string why_not;  // then: "the setting state_file is off", ...
  UniqueFd lock;        // not held: the file is not ours yet
  std::optional<SavedState> earlier;
};
// `take_over`: the candord before still writes the file; this one begins to when that has ended.
StateFile OpenStateFile(const Config& config, const ServiceFolders& folders, bool take_over);

// Empty where "auto" finds no place, or another candord has it and is not to be taken over; the log says so.
std::string AdminSocket(const Config& config, const ServiceFolders& folders, bool take_over);

class ControlPlane {
 public:
  // `snapshots` outlives this; it takes up the orders of `state_file.earlier` that are still in force.
  ControlPlane(const Flags& flags, const Config& config, SnapshotStore& snapshots, StateFile state_file);
  ~ControlPlane();

  ServeParts parts() { return {snapshots_, history_, self_reports_}; }
  SelfReportAggregator& self_reports() { return self_reports_; }
  // FAILING as the candord before left it, where that still holds.
  std::optional<Verdict> PreviousAlarm(const JudgeOptions& options) const;
  DaemonHooks Hooks();

  // Once each is there; both outlive what this does from then on. The watch takes up what was usual and is
  // started.
  void Attach(Server& server);
  void Attach(web::WebServer& pages);  // the bounds of its ports are settings that a reload changes
  void Attach(PipelineThread& watch);

  void OnChange(const Snapshot& next);  // of the SnapshotStore
  void OnTick();                        // after each judgement
  void ReloadBySignal();
  // Saves once more, and touches neither server nor watch afterwards. Call while the watch runs. Idempotent.
  void Stop();

 private:
  Result<std::string> Order(const OverrideChange& change, bool allow_unsaved);
  Result<std::string> ResetBaseline();
  Result<void> ForgetBaseline();
  std::pair<std::string, Duration> BaselineAndAge() const;
  void RefreshBaseline();
  SavedState Collect() const;
  bool RestorePreviousState();  // what the candord before left; false: nothing
  Result<void> AcquireStateFile();
  void RestoreOverrides(const SavedState& earlier);
  bool RunOnPipeline(std::function<void(Pipeline&)> task);

  SnapshotStore& snapshots_;
  History history_;
  SelfReportAggregator self_reports_;
  Reloader reloader_;
  Hook hook_;
  StateFile
      state_file_;  // its lock is touched by AcquireStateFile() alone, which the keeper calls one at a time
  std::atomic<bool> unsaved_ = false;  // an order is in force that was not written, as its giver wished
  std::atomic<PipelineThread*> watch_ = nullptr;
  mutable std::mutex baseline_mutex_;
  std::string baseline_;  // as last saved, should the pipeline not answer
  BootTime baseline_at_{};
  uint64_t forgotten_ = 0;  // resets: what the pipeline said before one must not come back after it
  const bool restored_ = RestorePreviousState();  // before the keeper saves anything
  StateWriter writer_;                            // last: it uses the others
};

}  // namespace candor::daemon
