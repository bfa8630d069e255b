// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_plane.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/counted.h"
#include "base/utc_text.h"
#include "daemon/live_settings.h"
#include "daemon/log.h"
#include "daemon/state/durable_file.h"
#include "serve/verdict_json.h"

namespace candor::daemon {
namespace {

WallTime WallNow() { return WallTime(std::chrono::system_clock::now()); }

bool IsPolled(const Config& config) {
  return SelfReportOptionsOf(config).kind != SelfReportOptions::Kind::kNone;
}

void ReportWriteError(const std::string& error) {
  if (error.empty()) return LogInfo("the state file can be written again");
  LogError(error + ": the saved state is not up to date");
}

std::string Joined(const std::vector<std::string>& all) {
  return all.empty() ? "nothing" : fmt::format("{}", fmt::join(all, "; "));
}

}  // namespace

ControlPlane::ControlPlane(const Flags& flags, const Config& config, SnapshotStore& snapshots, StateFile file)
    : snapshots_(snapshots),
      history_(config.limits.transitions, &WallNow),
      self_reports_(IsPolled(config), config.self_report.push, config.self_report.push_timeout,
                    [this](const SelfReport& r) {
                      if (PipelineThread* pipeline = pipeline_) pipeline->SetSelfReport(r);
                    }),
      reloader_(flags, config),
      hook_(HookOptionsOf(config), &LogWarning),
      file_(std::move(file)),
      writer_(
          StateWriterOptions{.path = file_.path,
                             .acquire = [this] { return AcquireStateFile(); },
                             .refresh = [this] { baseline_.Refresh(); }},
          [this] { return Collect(); }, &ReportWriteError) {
  AddLiveSettings(reloader_, config, snapshots_, hook_);
}

ControlPlane::~ControlPlane() { Stop(); }

bool ControlPlane::RestorePreviousState() {
  if (!file_.previous) return false;
  history_.Restore(file_.previous->transitions);
  RestoreOverrides(*file_.previous);
  baseline_.Restore(*file_.previous);
  return true;
}

void ControlPlane::RestoreOverrides(const SavedState& previous) {
  const Overrides now = InForce(previous.overrides, BootNow());
  if (previous.overrides.state_override && !now.state_override) {
    LogInfo("the override ended while candord was down");
  }
  snapshots_.ApplyOverrides([&](Overrides& all) { all = now; });
  LogInfo(fmt::format("took up the state of {}, saved {}, with {}{}{}", file_.path, FormatUtc(previous.at),
                      Counted(previous.transitions.size(), "transition"),
                      now.drain ? ", DRAINED by " + now.drain->by : "",
                      now.state_override ? ", OVERRIDDEN by " + now.state_override->by : ""));
}

// No override is accepted before this process owns the file. The previous candord may have accepted some
// since the file was read: they hold here too.
Result<void> ControlPlane::AcquireStateFile() {
  if (file_.lock) return {};
  auto lock = LockFile(file_.path);
  if (!lock) return tl::make_unexpected(lock.error());
  file_.lock = std::move(*lock);
  const PreviousState last = ReadPreviousState(file_.path);
  if (!last.error.empty()) LogError(last.error);
  if (!last.state) return {};
  if (!unsaved_) RestoreOverrides(*last.state);
  const auto& known = file_.previous ? file_.previous->transitions : std::vector<Transition>();
  const uint64_t newest_known = known.empty() ? 0 : known.back().id;
  for (const Transition& t : last.state->transitions) {
    if (t.id <= newest_known || t.kind != Transition::Kind::kOperator) continue;
    history_.RecordAction(t.action, t.by,
                          fmt::format("at {}, to the previous candord: {}", FormatUtc(t.at), t.detail),
                          *snapshots_.Read());
  }
  return {};
}

void ControlPlane::Attach(Server& server) { AddLiveSettings(reloader_, server); }
void ControlPlane::Attach(web::WebServer& web) { AddLiveSettings(reloader_, web); }

void ControlPlane::Attach(PipelineThread& pipeline) {
  pipeline.SetSelfReport(self_reports_.Latest());
  baseline_.RestoreInto(pipeline);
  pipeline.Start();
  // Its tasks run on its own thread from here on.
  baseline_.Attach(pipeline);
  pipeline_ = &pipeline;
  pipeline.SetSelfReport(self_reports_.Latest());
}

DaemonHooks ControlPlane::Hooks() {
  DaemonHooks hooks;
  hooks.apply_override = [this](const OverrideChange& change, bool allow_unsaved) {
    return ApplyOverride(change, allow_unsaved);
  };
  hooks.reload = [this] { return reloader_.Reload(); };
  hooks.reset_baseline = [this] { return ResetBaseline(); };
  hooks.log = [](bool bad, const std::string& text) {
    Log({bad ? Severity::kError : Severity::kInfo, text});
  };
  hooks.on_operator_action = [this](const Transition& t) {
    LogWarning(fmt::format("operator: {} by {}: {}", t.action, t.by, t.detail));
    writer_.SaveSoon();
  };
  return hooks;
}

void ControlPlane::OnChange(const Snapshot& next) {
  history_.OnChange(next);
  hook_.Run(VerdictJson(next));
  writer_.SaveSoon();
}

void ControlPlane::OnReportedJoins(ReportedJoins read) {
  if (const auto line = page_log_.Line(read.unavailable)) Log(*line);
  if (snapshots_.Read()->metrics_page.unavailable != read.unavailable)
    snapshots_.SetMetricsPage({true, read.unavailable});
  if (PipelineThread* pipeline = pipeline_) pipeline->SetReportedJoins(std::move(read));
}

void ControlPlane::OnTick() { self_reports_.Tick(MonotonicNow()); }

void ControlPlane::ReloadBySignal() {
  const auto outcome = reloader_.Reload();
  const SnapshotPtr now = snapshots_.Read();
  if (!outcome) {
    const std::string errors = Joined(outcome.error());
    LogError("SIGHUP: nothing has changed: " + errors);
    history_.RecordAction("reload", "SIGHUP", "refused, nothing has changed: " + errors, *now);
    return;
  }
  std::string text =
      "applied: " + Joined(outcome->applied) + "; needs a restart: " + Joined(outcome->restart);
  for (const std::string& note : outcome->notes) text += "; " + note;
  LogWarning("SIGHUP: " + text);
  history_.RecordAction("reload", "SIGHUP", text, *now);
  writer_.SaveSoon();
}

Result<std::string> ControlPlane::ApplyOverride(const OverrideChange& change, bool allow_unsaved) {
  if (file_.path.empty()) {
    snapshots_.ApplyOverrides(change);
    return file_.why_not;
  }
  const auto saved =
      writer_.Commit([&](SavedState& s) { change(s.overrides); }, [&] { snapshots_.ApplyOverrides(change); });
  if (saved) return std::string();
  if (!allow_unsaved) return tl::make_unexpected(saved.error());
  unsaved_ = true;
  snapshots_.ApplyOverrides(change);
  writer_.SaveSoon();
  return saved.error().message;
}

Result<std::string> ControlPlane::ResetBaseline() {
  if (file_.path.empty()) {
    if (const auto done = baseline_.Reset(); !done) return tl::make_unexpected(done.error());
    return file_.why_not;
  }
  Result<void> done;
  const auto saved = writer_.Commit([](SavedState& s) { s.baseline.clear(), s.servers.clear(); },
                                    [&] { done = baseline_.Reset(); });
  if (!saved) return Fail("nothing is discarded: " + saved.error().message);
  if (!done) return tl::make_unexpected(done.error());
  return std::string();
}

SavedState ControlPlane::Collect() const {
  const SnapshotPtr now = snapshots_.Read();
  SavedState state;
  state.at = WallNow();
  state.boot = BootNow();
  state.boot_id = BootId();
  state.sequence = now->sequence;
  state.overrides = now->overrides;
  state.transitions = history_.All();
  baseline_.WriteTo(state);
  return state;
}

void ControlPlane::Stop() {
  writer_.Stop();
  hook_.Stop();
}

}  // namespace candor::daemon
