// SPDX-License-Identifier: Apache-2.0
//
// The acts of operators on a running candord, and what outlives the process: history, overrides, baseline, in
// the state file. Thread-safe once constructed.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "daemon/hook.h"
#include "daemon/pipeline_thread.h"
#include "daemon/reload.h"
#include "daemon/state/saved_baseline.h"
#include "daemon/state/state_file.h"
#include "daemon/state/state_writer.h"
#include "daemon/transition_log.h"
#include "serve/serve_parts.h"
#include "serve/server.h"
#include "web/web_server.h"

namespace candor::daemon {

class ControlPlane {
 public:
  // `snapshots` outlives this. Puts the overrides of `file.previous` that have not ended in force.
  ControlPlane(const Flags& flags, const Config& config, SnapshotStore& snapshots, StateFile file);
  ~ControlPlane();

  ServeParts parts() { return {snapshots_, history_, self_reports_}; }
  SelfReportAggregator& self_reports() { return self_reports_; }
  // The verdict FAILING that the earlier process left of the node or of a server, if it still holds.
  std::optional<PreviousVerdicts> PreviousAlarm(const PipelineOptions& options) const {
    return baseline_.Alarm(options);
  }
  DaemonHooks Hooks();

  // Once each; what is attached lives until after Stop(). The pipeline gets the saved baseline and is
  // started.
  void Attach(Server& server);
  void Attach(web::WebServer& web);
  void Attach(PipelineThread& pipeline);

  // By one thread. The pipeline gets it from its first Attach() on.
  void OnReportedJoins(ReportedJoins read);
  void OnChange(const Snapshot& next);  // of the SnapshotStore
  void OnTick();                        // after each judgement
  void ReloadBySignal();
  // Saves once more; does not use what is attached afterwards. Call while the pipeline runs. Idempotent.
  void Stop();

 private:
  Result<std::string> ApplyOverride(const OverrideChange& change, bool allow_unsaved);
  Result<std::string> ResetBaseline();
  SavedState Collect() const;
  bool RestorePreviousState();  // false: there is none
  Result<void> AcquireStateFile();
  void RestoreOverrides(const SavedState& previous);

  SnapshotStore& snapshots_;
  History history_;
  SelfReportAggregator self_reports_;
  Reloader reloader_;
  Hook hook_;
  StateFile file_;                     // only AcquireStateFile() changes it; writer_ makes one call at a time
  std::atomic<bool> unsaved_ = false;  // an override is in force that was not written (allow_unsaved)
  std::atomic<PipelineThread*> pipeline_ = nullptr;
  SavedBaseline baseline_;
  MetricsPageLog page_log_;                       // of OnReportedJoins()
  const bool restored_ = RestorePreviousState();  // before the writer saves anything
  StateWriter writer_;                            // last: it uses the others
};

}  // namespace candor::daemon
