// SPDX-License-Identifier: Apache-2.0
#include "daemon/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/counted.h"
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

// "": it cannot be told (a container without /proc/sys): the wall clock stands for it then.
std::string BootId() {
  static const std::string id = [] {
    const auto text = ReadWhole("/proc/sys/kernel/random/boot_id");
    return text && *text ? (*text)->substr(0, (*text)->find('\n')) : std::string();
  }();
  return id;
}

Earlier ReadOnThisBoot(const std::string& path) {
  Earlier earlier = ReadEarlier(path);
  if (earlier.state) {
    earlier.state = OnThisBoot(std::move(*earlier.state), BootId(), BootNow(), WallNow());
  }
  return earlier;
}

}  // namespace

Keeping Keep(const Config& config, const ServiceFolders& folders, bool take_over) {
  Keeping keeping;
  const Place place = StateFilePlace(config.state_file, folders);
  if (place.path.empty()) {
    keeping.why_not = config.state_file == "off" ? "the setting state_file is off" : place.why_not;
    if (config.state_file != "off") Warn("nothing is kept across a restart: " + place.why_not);
    return keeping;
  }
  auto lock = LockBeside(place.path);
  if (!lock && IsHeldByAnother(lock.error()) && !take_over) {
    keeping.why_not = lock.error().message;
    Warn("nothing is kept across a restart: " + keeping.why_not);
    return keeping;
  }
  // A disk that cannot be written now may be later: the keeper says so, and tries again.
  if (lock) keeping.lock = std::move(*lock);
  keeping.path = place.path;
  Earlier earlier = ReadOnThisBoot(place.path);
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

Operators::Operators(const Flags& flags, const Config& config, Board& board, Keeping keeping)
    : board_(board),
      history_(config.limits.transitions, &WallNow),
      desk_(IsAsked(config), config.self_report.push, config.self_report.push_timeout,
            [this](const SelfReport& r) {
              if (Watch* watch = watch_) watch->TellSelfReport(r);
            }),
      reloader_(flags, config),
      hook_(HookOptionsOf(config), [](const std::string& text) { Warn(text); }),
      keeping_(std::move(keeping)),
      keeper_(
          StateKeeperOptions{.path = keeping_.path,
                             .owned = [this] { return OwnFile(); },
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

bool Operators::TakeUp() {
  if (!keeping_.earlier) return false;
  const SavedState& earlier = *keeping_.earlier;
  history_.Restore(earlier.transitions);
  TakeUpOrders(earlier);
  const std::lock_guard lock(baseline_mutex_);
  baseline_ = earlier.baseline;
  baseline_at_ = earlier.baseline_at;
  return true;
}

void Operators::TakeUpOrders(const SavedState& earlier) {
  const Interventions orders = InForce(earlier.orders, BootNow());
  if (earlier.orders.forced && !orders.forced) Info("the override ended while candord was down");
  board_.Intervene([&](Interventions& all) { all = orders; });
  Info(fmt::format("took up the state of {}, saved {}, with {}{}{}", keeping_.path, UtcText(earlier.at),
                   Counted(earlier.transitions.size(), "transition"),
                   orders.drain ? ", DRAINED by " + orders.drain->by : "",
                   orders.forced ? ", OVERRIDDEN by " + orders.forced->by : ""));
}

// No order is taken before the file is ours, but the candord before may have taken some since it was read:
// what it was told and has answered holds here too.
Result<void> Operators::OwnFile() {
  if (keeping_.lock) return {};
  auto mine = LockBeside(keeping_.path);
  if (!mine) return tl::make_unexpected(mine.error());
  keeping_.lock = std::move(*mine);
  const Earlier last = ReadOnThisBoot(keeping_.path);
  if (!last.trouble.empty()) Log({Severity::kError, last.trouble});
  if (!last.state) return {};
  if (!unsaved_) TakeUpOrders(*last.state);
  const auto& known = keeping_.earlier ? keeping_.earlier->transitions : std::vector<Transition>();
  const uint64_t known_up_to = known.empty() ? 0 : known.back().id;
  for (const Transition& t : last.state->transitions) {
    if (t.id <= known_up_to || t.kind != Transition::Kind::kOperator) continue;
    history_.Note(t.action, t.by, fmt::format("at {}, to the candord before: {}", UtcText(t.at), t.detail),
                  *board_.Read());
  }
  return {};
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
  return {baseline_, std::max<Duration>(BootNow() - baseline_at_, Duration::zero())};
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
  hooks.order = [this](const OrderChange& change, bool even_unsaved) { return Order(change, even_unsaved); };
  hooks.reload = [this] { return reloader_.Reload(); };
  hooks.reset_baseline = [this] { return ResetBaseline(); };
  hooks.state = [this] {
    RefreshBaseline();
    return Collect();
  };
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

Result<std::string> Operators::Order(const OrderChange& change, bool even_unsaved) {
  if (keeping_.path.empty()) {
    board_.Intervene(change);
    return keeping_.why_not;
  }
  const auto kept =
      keeper_.Commit([&](SavedState& s) { change(s.orders); }, [&] { board_.Intervene(change); });
  if (kept) return std::string();
  if (!even_unsaved) return tl::make_unexpected(kept.error());
  unsaved_ = true;
  board_.Intervene(change);
  keeper_.SaveSoon();
  return kept.error().message;
}

Result<std::string> Operators::ResetBaseline() {
  if (keeping_.path.empty()) {
    if (const auto done = ForgetBaseline(); !done) return tl::make_unexpected(done.error());
    return keeping_.why_not;
  }
  Result<void> done;
  const auto kept =
      keeper_.Commit([](SavedState& s) { s.baseline.clear(); }, [&] { done = ForgetBaseline(); });
  if (!kept) return Fail("nothing is forgotten: " + kept.error().message);
  if (!done) return tl::make_unexpected(done.error());
  return std::string();
}

Result<void> Operators::ForgetBaseline() {
  const bool answered = AskPipeline([](Pipeline& p) { p.ResetBaseline(); });
  {
    const std::lock_guard lock(baseline_mutex_);
    ++forgotten_;
    baseline_.clear();
  }
  if (answered) return {};
  return Fail(
      "the pipeline does not answer yet; it forgets as soon as it does, and the next candord knows nothing");
}

void Operators::RefreshBaseline() {
  uint64_t forgotten = 0;
  {
    const std::lock_guard lock(baseline_mutex_);
    forgotten = forgotten_;
  }
  const auto text = std::make_shared<std::string>();
  if (!AskPipeline([text](Pipeline& p) { *text = p.SaveBaseline(); })) return;
  const std::lock_guard lock(baseline_mutex_);
  if (forgotten != forgotten_) return;
  baseline_ = *text;
  baseline_at_ = BootNow();
}

SavedState Operators::Collect() const {
  const SnapshotPtr now = board_.Read();
  SavedState state;
  state.at = WallNow();
  state.boot = BootNow();
  state.boot_id = BootId();
  state.sequence = now->sequence;
  state.orders = now->interventions;
  state.transitions = history_.All();
  const std::lock_guard lock(baseline_mutex_);
  state.baseline = baseline_;
  state.baseline_at = baseline_at_;
  return state;
}

void Operators::Stop() {
  keeper_.Stop();
  hook_.Stop();
}

}  // namespace candor::daemon
