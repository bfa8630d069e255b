// SPDX-License-Identifier: Apache-2.0
#include "daemon/daemon.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "daemon/control_plane.h"
#include "daemon/exit_code.h"
#include "daemon/flags.h"
#include "daemon/load_config.h"
#include "daemon/log.h"
#include "daemon/pipeline_thread.h"
#include "daemon/privileges/prepare_folders.h"
#include "daemon/privileges/privileged_thread.h"
#include "daemon/signals.h"
#include "daemon/start_web.h"
#include "daemon/steer_thread.h"
#include "daemon/systemd/descriptor_store.h"
#include "daemon/systemd/notifier.h"
#include "daemon/thread_progress.h"
#include "daemon/transition_log.h"
#include "daemon/watchdog.h"
#include "net/listen_address.h"
#include "pipeline/server_name.h"
#include "selfreport/joins_poller.h"
#include "selfreport/poller.h"
#include "serve/grpc_health_client.h"
#include "serve/server.h"
#include "source/make_source.h"

namespace candor::daemon {
namespace {

constexpr unsigned kStopSeconds = 2;
// Of a take-over: longer than the deadline of an attempt, so that all attempts that were open before are
// concluded.
constexpr std::chrono::milliseconds kFirstVerdictTimeout = std::chrono::seconds(12);
constexpr std::chrono::milliseconds kFirstReportTimeout{1000};
constexpr std::chrono::milliseconds kPortTimeout = std::chrono::minutes(5);

DaemonInfo About(const LoadedConfig& loaded) {
  DaemonInfo about;
  about.version = CANDOR_VERSION;
  about.started_at = std::chrono::system_clock::now();
  about.config_file = loaded.file;
  about.config_yaml = PrintConfig(loaded.config);
  about.self_report_target = SelfReportOptionsOf(loaded.config).target;
  return about;
}

// "candord 0.1.0: gRPC on 127.0.0.1:7460; ask: candorctl status"
std::string StartLine(const std::vector<std::string>& listening) {
  const std::string& first = listening.front();
  const bool standard = listening == ServeOptions{}.grpc_listen;
  return fmt::format("candord {}: gRPC on {}; ask: candorctl {}status", CANDOR_VERSION,
                     fmt::join(listening, ", "), standard ? "" : "--address " + first + " ");
}

// On return candord is stopping, and has a time limit for it.
void WaitUntilStopped(ControlPlane& control_plane, const Notifier& notifier) {
  while (WaitForSignal() == SignalRequest::kReload) control_plane.ReloadBySignal();
  ExitWithin(kStopSeconds, kExitStopped);
  notifier.Stopping();
  spdlog::info("stopping");
}

// The ports of HTTP and HAProxy's agent cannot be shared: a take-over waits until the previous candord closes
// them.
Result<std::unique_ptr<web::WebServer>> StartPages(const Config& config, const SnapshotStore& snapshots,
                                                   const web::Heartbeat& heartbeat, bool take_over) {
  using std::chrono::milliseconds;
  const auto started = std::chrono::system_clock::now();
  auto pages = StartWeb(config, snapshots, heartbeat, started);
  for (milliseconds waited{}; take_over && !pages && waited < kPortTimeout; waited += milliseconds(20)) {
    std::this_thread::sleep_for(milliseconds(20));
    pages = StartWeb(config, snapshots, heartbeat, started);
  }
  if (!pages) return pages;
  if (const std::string line = WebStartLine(**pages); !line.empty()) spdlog::info("{}", line);
  return pages;
}

PipelineThreadOptions PipelineThreadOptionsOf(const Config& config) {
  PipelineThreadOptions o;
  o.pipeline.attempt = config.attempt;
  o.pipeline.judge = config.judge;
  o.pipeline.lost.port_min = config.source.ports.min;
  o.pipeline.lost.port_max = config.source.ports.max;
  o.pipeline.servers = config.servers;
  o.list_limit = config.limits.lists;
  o.read_facts = ReadLocalFacts(Clocks{}.now, Clocks{}.boot);
  return o;
}

// The names of servers that callers may ask for before their first attempt: the configured ones, and those
// that the previous candord knew.
std::vector<std::string> ServerNames(const Config& config, const StateFile& file) {
  std::vector<std::string> names;
  for (const ServerSetting& s : config.servers.known) names.push_back(s.name);
  if (!file.previous) return names;
  for (const ServerBaseline& s : file.previous->servers) {
    const bool is_server = IsServerName(s.name) && (!IsReservedServerName(s.name) || s.name == kOtherServers);
    if (is_server && std::find(names.begin(), names.end(), s.name) == names.end()) names.push_back(s.name);
  }
  return names;
}

SourceAccess SourceAccessOf(const PrivilegedThread& privileged, PinStore& store, bool take_over) {
  return {privileged.executor(), privileged.pin_root(), &store, take_over,
          [&privileged](bool probes_loaded) { return privileged.DropAfterLoad(probes_loaded); }};
}

// The pipeline thread and its watchdog, in the order in which they depend on each other.
class SupervisedPipeline {
 public:
  SupervisedPipeline(const Config& config, const SourceAccess& access, SnapshotStore& snapshots,
                     ControlPlane& control_plane, web::Heartbeat& heartbeat, const Notifier& notifier)
      : control_plane_(control_plane),
        watchdog_({}, {&ExitStalled, [this](pid_t thread) { return progress_.Starved(thread); },
                       [&notifier] { notifier.Alive(); }}),
        pipeline_(PipelineThreadOptionsOf(config), MakeSource(config, access), snapshots, Clocks{},
                  [&, this] {
                    heartbeat.Beat(MonotonicNow());
                    control_plane.OnTick();
                    watchdog_.Beat();
                    notifier.Alive();
                  }) {
    control_plane.Attach(pipeline_);
  }
  ~SupervisedPipeline() { Stop(); }  // also when a take-over cannot serve an address
  // Idempotent. May take as long as it needs: ExitWithin() limits a stop.
  void Stop() {
    control_plane_.Stop();  // its last save reads the baseline from the pipeline
    watchdog_.Stop();
    pipeline_.Stop();
  }

 private:
  // Runs no destructor: one of them would wait for the stalled thread. Pinned probes stay; the next candord
  // takes them over.
  [[noreturn]] static void ExitStalled() {
    spdlog::critical("the pipeline has stalled for more than a second: ending, to be restarted");
    spdlog::default_logger()->flush();
    _exit(kExitStalled);
  }

  ControlPlane& control_plane_;
  ThreadProgress progress_;  // of the watchdog's thread
  Watchdog watchdog_;
  PipelineThread pipeline_;
};

// Null: steering is not configured. Reads its files, while candord may still read them.
Result<std::unique_ptr<steer::RedisDialer>> MakeDialer(const steer::SteerOptions& options) {
  if (!options.enabled()) return std::unique_ptr<steer::RedisDialer>();
  auto made = steer::RedisDialer::Make(options.redis);
  if (!made) return Fail("steer.livekit: " + made.error().message);
  return made;
}

// All outlive the changes of `snapshots`, which say from the first one on whether a page of metrics is read.
void TellChanges(const Config& config, SnapshotStore& snapshots, TransitionLog& transitions,
                 ControlPlane& control_plane) {
  snapshots.SetMetricsPage({!config.self_report.prometheus.empty(), ""});
  snapshots.Subscribe([&](const SnapshotPtr& s) {
    for (const LogLine& line : transitions.Lines(*s)) Log(line);
    control_plane.OnChange(*s);
  });
}

// In a take-over the previous candord answers until this one has a verdict.
void AwaitFirstVerdict(const SnapshotStore& snapshots) {
  using std::chrono::milliseconds;
  for (milliseconds waited{}; waited < kFirstVerdictTimeout; waited += milliseconds(50)) {
    const State state = snapshots.Read()->shown().state;
    if (state != State::kUnknown && state != State::kBlind) return;
    std::this_thread::sleep_for(milliseconds(50));
  }
}

void AwaitFirstReport(const SelfReportOptions& options, const std::future<void>& reported) {
  if (options.kind != SelfReportOptions::Kind::kNone) reported.wait_for(kFirstReportTimeout);
}

// Ends before the pipeline of `control_plane`.
std::unique_ptr<JoinsPoller> ReadJoins(const Config& config, std::unique_ptr<HttpGet> page,
                                       ControlPlane& control_plane) {
  return std::make_unique<JoinsPoller>(
      JoinsPollerOptionsOf(config), std::move(page), &MonotonicNow,
      [&control_plane](ReportedJoins read) { control_plane.OnReportedJoins(std::move(read)); });
}

// A snapshot before the first judgement: BLIND, with the self-report and the alarm that the previous candord
// left.
void PublishInitial(SnapshotStore& snapshots, ControlPlane& control_plane, const Config& config) {
  Snapshot first = *snapshots.Read();
  first.self = control_plane.self_reports().Latest();
  const Clocks clocks;
  first.to_wall = clocks.wall() - clocks.now().time_since_epoch();
  first.to_boot = clocks.boot() - clocks.now().time_since_epoch();
  if (auto alarm = control_plane.PreviousAlarm(PipelineThreadOptionsOf(config).pipeline)) {
    first.verdict = std::move(alarm->node);
    first.servers = std::move(alarm->servers);
  }
  snapshots.Publish(std::move(first));
}

// Empty where "auto" finds no path, or another candord uses it and is not to be taken over; logged then.
std::string ChooseAdminSocket(const Config& config, const ServiceFolders& folders, bool take_over) {
  const FoundPath found = AdminSocketPath(config.admin_socket, folders);
  if (take_over && !found.path.empty()) return found.path;
  if (config.admin_socket != "auto") return found.path;
  if (found.path.empty()) {
    LogWarning("no admin socket: " + found.why_not + "; name one in admin.socket");
    return "";
  }
  const auto address = ListenAddress::Parse("unix:" + found.path);
  const auto free = address ? CheckFree(*address) : tl::make_unexpected(address.error());
  if (free) return found.path;
  LogWarning("no admin socket: " + free.error().message);
  return "";
}

Result<std::unique_ptr<Server>> StartServer(const Flags& flags, const LoadedConfig& loaded,
                                            const ServiceFolders& folders, ControlPlane& control_plane) {
  ServeOptions options = ServeOptionsOf(loaded.config);
  options.take_over = flags.take_over;
  options.admin_socket = ChooseAdminSocket(loaded.config, folders, flags.take_over);
  auto server = Server::Start(options, control_plane.parts(), About(loaded), control_plane.Hooks());
  if (server) spdlog::info("{}", StartLine((*server)->listening()));
  return server;
}

int Refuse(const Error& error, int code) {
  spdlog::error("{}", error.message);
  return code;
}

int Serve(const Flags& flags, const LoadedConfig& loaded, const ServiceFolders& folders, PinStore& store) {
  const Config& config = loaded.config;
  auto pins = PrepareFolders(config, folders);
  if (!pins) return Refuse(pins.error(), kExitUsage);
  auto dialer = MakeDialer(config.steer);
  if (!dialer) return Refuse(dialer.error(), kExitUsage);
  const auto privileged = PrivilegedThread::Start(config, std::move(*pins));
  if (!privileged) return Refuse(privileged.error(), kExitUsage);
  const Notifier notifier(folders.notify);
  const SelfReportOptions self_options = SelfReportOptionsOf(config);
  auto client = MakeHealthClient(self_options);
  if (!client) return Refuse(client.error(), kExitUsage);
  auto joins_page = MakeJoinsPage(config.self_report.prometheus);
  if (!joins_page) return Refuse(joins_page.error(), kExitUsage);
  StateFile state_file = OpenStateFile(config.state_file, folders, flags.take_over);
  SnapshotStore snapshots(config.blind_policy, state_file.previous ? state_file.previous->sequence : 0,
                          ServerNames(config, state_file));
  std::optional<SteerThread> steering;  // ends after the probes: Redis may answer late
  ControlPlane control_plane(flags, config, snapshots, std::move(state_file));
  TransitionLog transitions;
  TellChanges(config, snapshots, transitions, control_plane);
  web::Heartbeat heartbeat(MonotonicNow());
  std::unique_ptr<SupervisedPipeline> pipeline;
  const auto start_pipeline = [&] {
    pipeline =
        std::make_unique<SupervisedPipeline>(config, SourceAccessOf(**privileged, store, flags.take_over),
                                             snapshots, control_plane, heartbeat, notifier);
  };
  // Without a self-report the answer is no: callers need not see that at each restart.
  std::promise<void> reported;
  Poller poller(self_options, std::move(*client), [&, first = true](const SelfReport& r) mutable {
    control_plane.self_reports().OnPolled(r);
    if (std::exchange(first, false)) reported.set_value();
  });
  AwaitFirstReport(self_options, reported.get_future());
  if (flags.take_over) {
    start_pipeline();
    AwaitFirstVerdict(snapshots);
  } else {
    PublishInitial(snapshots, control_plane, config);
  }
  // Ports before probes: candord answers however long the kernel takes to load them.
  auto server = StartServer(flags, loaded, folders, control_plane);
  if (!server) return Refuse(server.error(), kExitServe);
  control_plane.Attach(**server);
  auto pages = StartPages(config, snapshots, heartbeat, flags.take_over);
  if (!pages) return Refuse(pages.error(), kExitServe);
  (*server)->SetWebListening((*pages)->http(), (*pages)->agent());
  control_plane.Attach(**pages);
  if (!pipeline) start_pipeline();
  steering.emplace(config.steer, std::move(*dialer), snapshots);
  const auto joins = ReadJoins(config, std::move(*joins_page), control_plane);
  notifier.Ready();
  WaitUntilStopped(control_plane, notifier);
  poller.Stop();
  joins->Stop();
  pipeline->Stop();
  (*pages)->Stop();
  (*server)->Stop();
  return kExitClean;
}

// Returns the exit code: a full disk is an error.
int Print(const std::string& text) {
  if (std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return kExitClean;
  std::perror("candord: cannot write the answer");
  return kExitUsage;
}

}  // namespace

int Run(int argc, const char* const* argv, const ServiceFolders& folders) {
  const ParsedFlags parsed = ParseFlags(argc, argv);
  if (!parsed.flags) {
    if (parsed.exit_code == kExitClean) return Print(parsed.text);
    std::fputs(parsed.text.c_str(), stderr);
    return parsed.exit_code;
  }
  const auto loaded = LoadConfig(*parsed.flags);
  if (!loaded) {
    for (const std::string& error : loaded.error()) fmt::print(stderr, "candord: {}\n", error);
    return kExitUsage;
  }
  if (parsed.flags->print_config) {
    if (const int code = Print(PrintConfig(loaded->config)); code != kExitClean) return code;
  }
  if (parsed.flags->check_config) {
    fmt::print(stderr, "candord: {}: no errors\n", loaded->file.empty() ? "no file read" : loaded->file);
  }
  if (parsed.flags->print_config || parsed.flags->check_config) return kExitClean;
  BlockSignals();
  StartLogging(loaded->config.log_level);
  DescriptorStore store;
  return Serve(*parsed.flags, *loaded, folders, store);
}

}  // namespace candor::daemon
