// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_plane.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/counted.h"
#include "base/utc_text.h"
#include "daemon/log.h"
#include "daemon/privileges/privileged_thread.h"
#include "daemon/state/durable_file.h"
#include "net/listen_address.h"
#include "serve/verdict_json.h"

namespace candor::daemon {
namespace {

constexpr Duration kPipelineTimeout =
    std::chrono::seconds(1);  // with the pipeline, which turns 40 times a second

WallTime WallNow() { return WallTime(std::chrono::system_clock::now()); }
void Info(std::string text) { Log({Severity::kInfo, std::move(text)}); }
void Warn(std::string text) { Log({Severity::kWarning, std::move(text)}); }

HookOptions HookOptionsOf(const Config& config) {
  return {config.on_transition.command,
          std::chrono::duration_cast<std::chrono::milliseconds>(config.on_transition.timeout)};
}

bool IsAsked(const Config& config) {
  return SelfReportOptionsOf(config).kind != SelfReportOptions::Kind::kNone;
}

}  // namespace

namespace {

// "": it cannot be told (a container without /proc/sys): the wall clock stands for it then.
std::string BootId() {
  static const std::string id = [] {
    const auto text = ReadWhole("/proc/sys/kernel/random/boot_id");
    return text && *text ? (*text)->substr(0, (*text)->find('\n')) : std::string();
  }();
  return id;
}

PreviousState ReadRebased(const std::string& path) {
  PreviousState earlier = ReadPreviousState(path);
  if (earlier.state) {
    earlier.state = OnThisBoot(std::move(*earlier.state), BootId(), BootNow(), WallNow());
  }
  return earlier;
}

}  // namespace

StateFile OpenStateFile(const Config& config, const ServiceFolders& folders, bool take_over) {
  StateFile state_file;
  const FoundPath place = StateFilePath(config.state_file, folders);
  if (place.path.empty()) {
    state_file.why_not = config.state_file == "off" ? "the setting state_file is off" : place.why_not;
    if (config.state_file != "off") Warn("nothing is kept across a restart: " + place.why_not);
    return state_file;
  }
  auto lock = LockFile(place.path);
  if (!lock && IsLockedByAnother(lock.error()) && !take_over) {
    state_file.why_not = lock.error().message;
    Warn("nothing is kept across a restart: " + state_file.why_not);
    return state_file;
  }
  // A disk that cannot be written now may be later: the keeper says so, and tries again.
  if (lock) state_file.lock = std::move(*lock);
  state_file.path = place.path;
  PreviousState earlier = ReadRebased(place.path);
  if (!earlier.trouble.empty()) Log({Severity::kError, earlier.trouble});
  state_file.earlier = std::move(earlier.state);
  return state_file;
}

std::string AdminSocket(const Config& config, const ServiceFolders& folders, bool take_over) {
  const FoundPath place = AdminSocketPath(config.admin_socket, folders);
  if (take_over && !place.path.empty()) return place.path;
  if (config.admin_socket != "auto") return place.path;
  if (place.path.empty()) {
    Warn("no admin socket: " + place.why_not + "; name one in admin.socket");
    return "";
  }
  const auto address = ListenAddress::Parse("unix:" + place.path);
  const auto free = address ? CheckFree(*address) : tl::make_unexpected(address.error());
  if (free) return place.path;
  Warn("no admin socket: " + free.error().message);
  return "";
}

ControlPlane::ControlPlane(const Flags& flags, const Config& config, SnapshotStore& snapshots,
                           StateFile state_file)
    : snapshots_(snapshots),
      history_(config.limits.transitions, &WallNow),
      self_reports_(IsAsked(config), config.self_report.push, config.self_report.push_timeout,
                    [this](const SelfReport& r) {
                      if (PipelineThread* watch = watch_) watch->SetSelfReport(r);
                    }),
      reloader_(flags, config),
      hook_(HookOptionsOf(config), [](const std::string& text) { Warn(text); }),
      state_file_(std::move(state_file)),
      writer_(
          StateWriterOptions{.path = state_file_.path,
                             .owned = [this] { return AcquireStateFile(); },
                             .refresh = [this] { RefreshBaseline(); }},
          [this] { return Collect(); },
          [](const std::string& trouble) {
            if (trouble.empty()) return Info("the state file can be written again");
            Log({Severity::kError, trouble + ": what is kept across a restart grows old"});
          }) {
  reloader_.AddLive({"log_level"}, [](const Config& next, Config& in_force) {
    SetLogLevel(in_force.log_level = next.log_level);
  });
  reloader_.AddLive({"blind_policy"}, [this](const Config& next, Config& in_force) {
    snapshots_.SetBlindPolicy(in_force.blind_policy = next.blind_policy);
  });
  // Otherwise a reload names it as something that needs a restart.
  if (MayRunPrograms(config)) {
    reloader_.AddLive({"on_transition", "on_transition_timeout"},
                      [this](const Config& next, Config& in_force) {
                        in_force.on_transition = next.on_transition;
                        hook_.SetOptions(HookOptionsOf(next));
                      });
  }
}

ControlPlane::~ControlPlane() { Stop(); }

bool ControlPlane::RestorePreviousState() {
  if (!state_file_.earlier) return false;
  const SavedState& earlier = *state_file_.earlier;
  history_.Restore(earlier.transitions);
  RestoreOverrides(earlier);
  const std::lock_guard lock(baseline_mutex_);
  baseline_ = earlier.baseline;
  baseline_at_ = earlier.baseline_at;
  return true;
}

void ControlPlane::RestoreOverrides(const SavedState& earlier) {
  const Overrides orders = InForce(earlier.overrides, BootNow());
  if (earlier.overrides.state_override && !orders.state_override)
    Info("the override ended while candord was down");
  snapshots_.ApplyOverrides([&](Overrides& all) { all = orders; });
  Info(fmt::format("took up the state of {}, saved {}, with {}{}{}", state_file_.path, FormatUtc(earlier.at),
                   Counted(earlier.transitions.size(), "transition"),
                   orders.drain ? ", DRAINED by " + orders.drain->by : "",
                   orders.state_override ? ", OVERRIDDEN by " + orders.state_override->by : ""));
}

// No order is taken before the file is ours, but the candord before may have taken some since it was read:
// what it was told and has answered holds here too.
Result<void> ControlPlane::AcquireStateFile() {
  if (state_file_.lock) return {};
  auto mine = LockFile(state_file_.path);
  if (!mine) return tl::make_unexpected(mine.error());
  state_file_.lock = std::move(*mine);
  const PreviousState last = ReadRebased(state_file_.path);
  if (!last.trouble.empty()) Log({Severity::kError, last.trouble});
  if (!last.state) return {};
  if (!unsaved_) RestoreOverrides(*last.state);
  const auto& known = state_file_.earlier ? state_file_.earlier->transitions : std::vector<Transition>();
  const uint64_t known_up_to = known.empty() ? 0 : known.back().id;
  for (const Transition& t : last.state->transitions) {
    if (t.id <= known_up_to || t.kind != Transition::Kind::kOperator) continue;
    history_.RecordAction(t.action, t.by,
                          fmt::format("at {}, to the candord before: {}", FormatUtc(t.at), t.detail),
                          *snapshots_.Read());
  }
  return {};
}

void ControlPlane::Attach(Server& server) {
  reloader_.AddLive({"admin.longest_override"}, [&server](const Config& next, Config& in_force) {
    server.SetLongestOverride(in_force.longest_override = next.longest_override);
  });
  reloader_.AddAlways([&server](const Config& in_force) {
    server.SetConfigYaml(PrintConfig(in_force));
    return server.ReloadTls();
  });
}

void ControlPlane::Attach(web::WebServer& pages) {
  reloader_.AddLive({"web.max_connections", "web.max_header_bytes", "web.request_timeout", "web.idle_timeout",
                     "web.write_timeout"},
                    [&pages](const Config& next, Config& in_force) {
                      web::WebOptions bounds = next.web;
                      bounds.http_listen = in_force.web.http_listen;
                      bounds.agent_listen = in_force.web.agent_listen;
                      pages.SetBounds(in_force.web = bounds);
                    });
}

std::pair<std::string, Duration> ControlPlane::BaselineAndAge() const {
  const std::lock_guard lock(baseline_mutex_);
  return {baseline_, std::max<Duration>(BootNow() - baseline_at_, Duration::zero())};
}

std::optional<Verdict> ControlPlane::PreviousAlarm(const JudgeOptions& options) const {
  const auto [baseline, age] = BaselineAndAge();
  Judge judge(options);
  // What cannot be read is told of when the line takes it up.
  if (baseline.empty() || !judge.RestoreBaseline(baseline, age, MonotonicNow())) return std::nullopt;
  return judge.verdict().state == State::kFailing ? std::optional(judge.verdict()) : std::nullopt;
}

void ControlPlane::Attach(PipelineThread& watch) {
  const auto [baseline, age] = BaselineAndAge();
  watch.SetSelfReport(self_reports_.Latest());
  if (!baseline.empty()) {
    watch.Do(
        [&, &baseline = baseline, &age = age](Pipeline& p) {
          const auto ok = p.RestoreBaseline(baseline, age, MonotonicNow());
          if (!ok) Log({Severity::kError, "what is usual here is learned anew: " + ok.error().message});
        },
        kPipelineTimeout);
  }
  watch.Start();
  // From here on tasks run on its own thread only.
  watch_ = &watch;
  watch.SetSelfReport(self_reports_.Latest());
}

DaemonHooks ControlPlane::Hooks() {
  DaemonHooks hooks;
  hooks.apply_override = [this](const OverrideChange& change, bool allow_unsaved) {
    return Order(change, allow_unsaved);
  };
  hooks.reload = [this] { return reloader_.Reload(); };
  hooks.reset_baseline = [this] { return ResetBaseline(); };
  hooks.log = [](bool bad, const std::string& text) {
    Log({bad ? Severity::kError : Severity::kInfo, text});
  };
  hooks.on_operator_action = [this](const Transition& t) {
    Warn(fmt::format("operator: {} by {}: {}", t.action, t.by, t.detail));
    writer_.SaveSoon();
  };
  return hooks;
}

void ControlPlane::OnChange(const Snapshot& next) {
  history_.OnChange(next);
  hook_.Tell(VerdictJson(next));
  writer_.SaveSoon();
}

void ControlPlane::OnTick() { self_reports_.Tick(MonotonicNow()); }

void ControlPlane::ReloadBySignal() {
  const auto outcome = reloader_.Reload();
  const SnapshotPtr now = snapshots_.Read();
  if (!outcome) {
    const std::string errors = fmt::format("{}", fmt::join(outcome.error(), "; "));
    Log({Severity::kError, "SIGHUP: nothing has changed: " + errors});
    history_.RecordAction("reload", "SIGHUP", "refused, nothing has changed: " + errors, *now);
    return;
  }
  const auto list = [](const std::vector<std::string>& all) {
    return all.empty() ? std::string("nothing") : fmt::format("{}", fmt::join(all, "; "));
  };
  std::string text = "applied: " + list(outcome->applied) + "; needs a restart: " + list(outcome->restart);
  for (const std::string& note : outcome->notes) text += "; " + note;
  Warn("SIGHUP: " + text);
  history_.RecordAction("reload", "SIGHUP", text, *now);
  writer_.SaveSoon();
}

bool ControlPlane::RunOnPipeline(std::function<void(Pipeline&)> task) {
  PipelineThread* watch = watch_;
  return watch != nullptr && watch->Do(std::move(task), kPipelineTimeout);
}

Result<std::string> ControlPlane::Order(const OverrideChange& change, bool allow_unsaved) {
  if (state_file_.path.empty()) {
    snapshots_.ApplyOverrides(change);
    return state_file_.why_not;
  }
  const auto kept =
      writer_.Commit([&](SavedState& s) { change(s.overrides); }, [&] { snapshots_.ApplyOverrides(change); });
  if (kept) return std::string();
  if (!allow_unsaved) return tl::make_unexpected(kept.error());
  unsaved_ = true;
  snapshots_.ApplyOverrides(change);
  writer_.SaveSoon();
  return kept.error().message;
}

Result<std::string> ControlPlane::ResetBaseline() {
  if (state_file_.path.empty()) {
    if (const auto done = ForgetBaseline(); !done) return tl::make_unexpected(done.error());
    return state_file_.why_not;
  }
  Result<void> done;
  const auto kept =
      writer_.Commit([](SavedState& s) { s.baseline.clear(); }, [&] { done = ForgetBaseline(); });
  if (!kept) return Fail("nothing is forgotten: " + kept.error().message);
  if (!done) return tl::make_unexpected(done.error());
  return std::string();
}

Result<void> ControlPlane::ForgetBaseline() {
  const bool answered = RunOnPipeline([](Pipeline& p) { p.ResetBaseline(); });
  {
    const std::lock_guard lock(baseline_mutex_);
    ++forgotten_;
    baseline_.clear();
  }
  if (answered) return {};
  return Fail(
      "the pipeline does not answer yet; it forgets as soon as it does, and the next candord knows nothing");
}

void ControlPlane::RefreshBaseline() {
  uint64_t forgotten = 0;
  {
    const std::lock_guard lock(baseline_mutex_);
    forgotten = forgotten_;
  }
  const auto text = std::make_shared<std::string>();
  if (!RunOnPipeline([text](Pipeline& p) { *text = p.SaveBaseline(); })) return;
  const std::lock_guard lock(baseline_mutex_);
  if (forgotten != forgotten_) return;
  baseline_ = *text;
  baseline_at_ = BootNow();
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
  const std::lock_guard lock(baseline_mutex_);
  state.baseline = baseline_;
  state.baseline_at = baseline_at_;
  return state;
}

void ControlPlane::Stop() {
  writer_.Stop();
  hook_.Stop();
}

}  // namespace candor::daemon
