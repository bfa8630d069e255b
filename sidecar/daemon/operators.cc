// SPDX-License-Identifier: Apache-2.0
#include "daemon/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/log.h"
#include "daemon/rights.h"
#include "daemon/state_file.h"
#include "serve/listen_address.h"
#include "serve/verdict_json.h"

namespace candor::daemon {
namespace {

constexpr Duration kPatience = std::chrono::seconds(1);  // with the pipeline, which turns 40 times a second

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

// Whether the file is ours to write: at once, or when the candord before lets go of it.
std::function<bool()> OwnsFile(const Keeping& keeping) {
  auto lock = keeping.lock ? keeping.lock : std::make_shared<UniqueFd>();
  return [lock, path = keeping.path] {
    if (*lock) return true;
    auto mine = LockBeside(path);
    if (mine) *lock = std::move(*mine);
    return static_cast<bool>(*lock);
  };
}

}  // namespace

Keeping Keep(const Config& config, const ServiceFolders& folders, bool take_over) {
  Keeping keeping;
  const Place place = StateFilePlace(config.state_file, folders);
  if (place.path.empty()) {
    if (config.state_file != "off") Warn("nothing is kept across a restart: " + place.why_not);
    return keeping;
  }
  auto lock = LockBeside(place.path);
  if (!lock && !take_over) {
    Warn("nothing is kept across a restart: " + lock.error().message);
    return keeping;
  }
  if (lock) keeping.lock = std::make_shared<UniqueFd>(std::move(*lock));
  keeping.path = place.path;
  Earlier earlier = ReadEarlier(place.path);
  if (!earlier.trouble.empty()) Log({Severity::kError, earlier.trouble});
  keeping.earlier = std::move(earlier.state);
  return keeping;
}

std::string AdminSocket(const Config& config, const ServiceFolders& folders, bool take_over) {
  const Place place = AdminSocketPlace(config.admin_socket, folders);
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

Operators::Operators(const Flags& flags, const Config& config, Board& board, const Keeping& keeping)
    : board_(board),
      history_(config.limits.transitions, &WallNow),
      desk_(IsAsked(config), config.self_report.push, config.self_report.push_timeout,
            [this](const SelfReport& r) {
              if (Watch* watch = watch_) watch->TellSelfReport(r);
            }),
      reloader_(flags, config),
      hook_(HookOptionsOf(config), [](const std::string& text) { Warn(text); }),
      keeping_(keeping),
      keeper_(
          StateKeeperOptions{.path = keeping.path, .owned = OwnsFile(keeping)}, [this] { return Collect(); },
          [](const std::string& trouble) {
            if (trouble.empty()) return Info("the state file can be written again");
            Log({Severity::kError, trouble + ": what is kept across a restart grows old"});
          }) {
  if (keeping_.earlier) TakeUp(*keeping_.earlier);
  reloader_.AddLive({"log_level"}, [](const Config& next, Config& in_force) {
    SetLogLevel(in_force.log_level = next.log_level);
  });
  reloader_.AddLive({"blind_policy"}, [this](const Config& next, Config& in_force) {
    board_.SetBlindPolicy(in_force.blind_policy = next.blind_policy);
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

Operators::~Operators() { Stop(); }

void Operators::TakeUp(const SavedState& earlier) {
  history_.Restore(earlier.transitions);
  const Interventions orders = InForce(earlier.orders, WallNow());
  if (earlier.orders.forced && !orders.forced) Info("the override ended while candord was down");
  board_.Intervene([&](Interventions& all) { all = orders; });
  Info(fmt::format("took up the state of {}, saved {}: {} transitions{}{}", keeping_.path,
                   UtcText(earlier.at), earlier.transitions.size(),
                   orders.drain ? ", DRAINED by " + orders.drain->by : "",
                   orders.forced ? ", OVERRIDDEN by " + orders.forced->by : ""));
  const std::lock_guard lock(baseline_mutex_);
  baseline_ = earlier.baseline;
  baseline_at_ = earlier.baseline_at;
}

void Operators::Attend(Server& server) {
  reloader_.AddLive({"admin.longest_override"}, [&server](const Config& next, Config& in_force) {
    server.SetLongestOverride(in_force.longest_override = next.longest_override);
  });
  reloader_.AddAlways([&server](const Config& in_force) {
    server.SetConfigYaml(PrintConfig(in_force));
    return server.ReloadTls();
  });
}

void Operators::Attend(web::WebServer& pages) {
  reloader_.AddLive({"web.max_connections", "web.max_header_bytes", "web.request_timeout", "web.idle_timeout",
                     "web.write_timeout"},
                    [&pages](const Config& next, Config& in_force) {
                      web::WebOptions bounds = next.web;
                      bounds.http_listen = in_force.web.http_listen;
                      bounds.agent_listen = in_force.web.agent_listen;
                      pages.SetBounds(in_force.web = bounds);
                    });
}

std::pair<std::string, Duration> Operators::BaselineAndAge() const {
  const std::lock_guard lock(baseline_mutex_);
  // A clock that was set back must not make what is known look younger than now.
  return {baseline_, std::max<Duration>(WallNow() - baseline_at_, Duration::zero())};
}

std::optional<Verdict> Operators::AlarmOfBefore(const JudgeOptions& options) const {
  const auto [baseline, age] = BaselineAndAge();
  Judge judge(options);
  // What cannot be read is told of when the line takes it up.
  if (baseline.empty() || !judge.RestoreBaseline(baseline, age, MonotonicNow())) return std::nullopt;
  return judge.verdict().state == State::kFailing ? std::optional(judge.verdict()) : std::nullopt;
}

void Operators::Attend(Watch& watch) {
  const auto [baseline, age] = BaselineAndAge();
  watch.TellSelfReport(desk_.Latest());
  if (!baseline.empty()) {
    watch.Do(
        [&, &baseline = baseline, &age = age](Pipeline& p) {
          const auto ok = p.RestoreBaseline(baseline, age, MonotonicNow());
          if (!ok) Log({Severity::kError, "what is usual here is learned anew: " + ok.error().message});
        },
        kPatience);
  }
  watch.Start();
  // From here on tasks run on its own thread only.
  watch_ = &watch;
  watch.TellSelfReport(desk_.Latest());
}

DaemonHooks Operators::Hooks() {
  DaemonHooks hooks;
  hooks.reload = [this] { return reloader_.Reload(); };
  hooks.reset_baseline = [this] { return ResetBaseline(); };
  hooks.state = [this] { return Collect(); };
  hooks.log = [](bool bad, const std::string& text) {
    Log({bad ? Severity::kError : Severity::kInfo, text});
  };
  hooks.noted = [this](const Transition& t) {
    Warn(fmt::format("operator: {} by {}: {}", t.action, t.by, t.detail));
    keeper_.SaveSoon();
  };
  return hooks;
}

void Operators::OnChange(const Snapshot& next) {
  history_.OnChange(next);
  hook_.Tell(VerdictJson(next));
  keeper_.SaveSoon();
}

void Operators::OnTick() { desk_.Tick(MonotonicNow()); }

void Operators::ReloadBySignal() {
  const auto outcome = reloader_.Reload();
  const SnapshotPtr now = board_.Read();
  if (!outcome) {
    const std::string errors = fmt::format("{}", fmt::join(outcome.error(), "; "));
    Log({Severity::kError, "SIGHUP: nothing has changed: " + errors});
    history_.Note("reload", "SIGHUP", "refused, nothing has changed: " + errors, *now);
    return;
  }
  const auto list = [](const std::vector<std::string>& all) {
    return all.empty() ? std::string("nothing") : fmt::format("{}", fmt::join(all, "; "));
  };
  std::string text = "applied: " + list(outcome->applied) + "; needs a restart: " + list(outcome->restart);
  for (const std::string& note : outcome->notes) text += "; " + note;
  Warn("SIGHUP: " + text);
  history_.Note("reload", "SIGHUP", text, *now);
  keeper_.SaveSoon();
}

bool Operators::AskPipeline(std::function<void(Pipeline&)> task) {
  Watch* watch = watch_;
  return watch != nullptr && watch->Do(std::move(task), kPatience);
}

Result<void> Operators::ResetBaseline() {
  if (!AskPipeline([](Pipeline& p) { p.ResetBaseline(); })) {
    return Fail("the pipeline does not answer; it will forget as soon as it does");
  }
  keeper_.SaveSoon();
  return {};
}

SavedState Operators::Collect() {
  const auto text = std::make_shared<std::string>();
  const bool answered = AskPipeline([text](Pipeline& p) { *text = p.SaveBaseline(); });
  const SnapshotPtr now = board_.Read();
  SavedState state;
  state.at = WallNow();
  state.sequence = now->sequence;
  state.orders = now->interventions;
  state.transitions = history_.All();
  const std::lock_guard lock(baseline_mutex_);
  if (answered) {
    baseline_ = *text;
    baseline_at_ = state.at;
  }
  state.baseline = baseline_;
  state.baseline_at = baseline_at_;
  return state;
}

void Operators::Stop() {
  keeper_.Stop();
  hook_.Stop();
}

}  // namespace candor::daemon
