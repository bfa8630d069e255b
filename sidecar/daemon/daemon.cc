// SPDX-License-Identifier: Apache-2.0
#include "daemon/daemon.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "daemon/control_plane.h"
#include "daemon/exit_code.h"
#include "daemon/flags.h"
#include "daemon/load_config.h"
#include "daemon/log.h"
#include "daemon/make_source.h"
#include "daemon/pipeline_thread.h"
#include "daemon/privileges/prepare_folders.h"
#include "daemon/privileges/privileged_thread.h"
#include "daemon/signals.h"
#include "daemon/start_web.h"
#include "daemon/systemd/descriptor_store.h"
#include "daemon/systemd/notify.h"
#include "daemon/transition_log.h"
#include "daemon/watchdog.h"
#include "selfreport/poller.h"
#include "serve/grpc_health_client.h"
#include "serve/server.h"

namespace candor::daemon {
namespace {

constexpr unsigned kStopSeconds = 2;
// Of a take-over: an attempt's deadline and a little more; by then all that was open before is settled.
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
  const bool usual = listening == ServeOptions{}.grpc_listen;
  return fmt::format("candord {}: gRPC on {}; ask: candorctl {}status", CANDOR_VERSION,
                     fmt::join(listening, ", "), usual ? "" : "--address " + first + " ");
}

void WaitUntilStopped(ControlPlane& control_plane) {
  while (WaitForSignal() == SignalRequest::kReload) control_plane.ReloadBySignal();
}

// HTTP and HAProxy's agent have one listener each: in a take-over they begin once the candord before lets go.
Result<std::unique_ptr<web::WebServer>> StartPages(const Config& config, const SnapshotStore& snapshots,
                                                   const web::Heartbeat& heart, bool take_over) {
  using std::chrono::milliseconds;
  const auto started = std::chrono::system_clock::now();
  auto pages = StartWeb(config, snapshots, heart, started);
  for (milliseconds waited{}; take_over && !pages && waited < kPortTimeout; waited += milliseconds(20)) {
    std::this_thread::sleep_for(milliseconds(20));
    pages = StartWeb(config, snapshots, heart, started);
  }
  return pages;
}

PipelineThreadOptions PipelineThreadOptionsOf(const Config& config) {
  PipelineThreadOptions o;
  o.pipeline = {config.attempt, config.judge};
  o.list_limit = config.limits.lists;
  return o;
}

// The line and who looks after it, in the order in which they depend on each other.
class SupervisedPipeline {
 public:
  SupervisedPipeline(const Config& config, const PrivilegedThread& rights, PinStore& store, bool take_over,
                     SnapshotStore& snapshots, ControlPlane& control_plane, web::Heartbeat& heart,
                     const Notifier& notifier)
      : dog_({}, &EndStalled),
        watch_(PipelineThreadOptionsOf(config), MakeSource(config, rights, store, take_over), snapshots,
               Clocks{}, [&, this] {
                 heart.Beat(MonotonicNow());
                 control_plane.OnTick();
                 dog_.Beat();
                 notifier.Alive();
               }) {
    control_plane.Attach(watch_);
  }
  // A stop may take as long as it must: ExitWithin() is there.
  void Stop() {
    dog_.Stop();
    watch_.Stop();
  }

 private:
  // No destructor: one of them would wait for the thread that stands still. What is pinned stays, and the
  // next candord takes it over.
  [[noreturn]] static void EndStalled() {
    spdlog::critical("the pipeline has stood still for more than a second: ending, to begin anew");
    spdlog::default_logger()->flush();
    _exit(kExitStalled);
  }

  Watchdog dog_;
  PipelineThread watch_;
};

// Those who ask go on being answered by the candord before until this one knows as much.
void AwaitFirstVerdict(const SnapshotStore& snapshots) {
  using std::chrono::milliseconds;
  for (milliseconds waited{}; waited < kFirstVerdictTimeout; waited += milliseconds(50)) {
    const State state = snapshots.Read()->shown().state;
    if (state != State::kUnknown && state != State::kBlind) return;
    std::this_thread::sleep_for(milliseconds(50));
  }
}

// Still blind, but with the node's own word, and what was known of it a moment ago: the first caller may come
// before the line has looked.
void PublishInitial(SnapshotStore& snapshots, ControlPlane& control_plane, const Config& config) {
  Snapshot first = *snapshots.Read();
  first.self = control_plane.self_reports().Latest();
  const Clocks clocks;
  first.to_wall = clocks.wall() - clocks.now().time_since_epoch();
  first.to_boot = clocks.boot() - clocks.now().time_since_epoch();
  if (auto alarm = control_plane.PreviousAlarm(config.judge)) first.verdict = std::move(*alarm);
  snapshots.Publish(std::move(first));
}

Result<std::unique_ptr<Server>> StartServer(const Flags& flags, const LoadedConfig& loaded,
                                            const ServiceFolders& folders, ControlPlane& control_plane) {
  ServeOptions options = ServeOptionsOf(loaded.config);
  options.take_over = flags.take_over;
  options.admin_socket = AdminSocket(loaded.config, folders, flags.take_over);
  return Server::Start(options, control_plane.parts(), About(loaded), control_plane.Hooks());
}

int Refuse(const Error& error, int code) {
  spdlog::error("{}", error.message);
  return code;
}

int Serve(const Flags& flags, const LoadedConfig& loaded, const ServiceFolders& folders, PinStore& store) {
  const Config& config = loaded.config;
  auto pins = PrepareFolders(config, folders);
  if (!pins) return Refuse(pins.error(), kExitUsage);
  const auto rights = PrivilegedThread::Begin(config, std::move(*pins));
  if (!rights) return Refuse(rights.error(), kExitUsage);
  const Notifier notifier(folders.notify);
  const SelfReportOptions self_options = SelfReportOptionsOf(config);
  auto client = MakeHealthClient(self_options);
  if (!client) return Refuse(client.error(), kExitUsage);
  StateFile state_file = OpenStateFile(config, folders, flags.take_over);
  SnapshotStore snapshots(config.blind_policy, state_file.earlier ? state_file.earlier->sequence : 0);
  ControlPlane control_plane(flags, config, snapshots, std::move(state_file));
  TransitionLog transitions;
  snapshots.Subscribe([&](const SnapshotPtr& s) {
    for (const LogLine& line : transitions.Lines(*s)) Log(line);
    control_plane.OnChange(*s);
  });
  web::Heartbeat heart(MonotonicNow());
  std::unique_ptr<SupervisedPipeline> line;
  const auto begin = [&] {
    line = std::make_unique<SupervisedPipeline>(config, **rights, store, flags.take_over, snapshots,
                                                control_plane, heart, notifier);
  };
  // Before the node was asked Candor answers no: callers need not see that at each restart.
  std::promise<void> asked;
  Poller poller(self_options, std::move(*client), [&, first = true](const SelfReport& r) mutable {
    control_plane.self_reports().OnPolled(r);
    if (std::exchange(first, false)) asked.set_value();
  });
  if (self_options.kind != SelfReportOptions::Kind::kNone) asked.get_future().wait_for(kFirstReportTimeout);
  if (flags.take_over) {
    begin();
    AwaitFirstVerdict(snapshots);
  }
  if (!line) PublishInitial(snapshots, control_plane, config);
  // Ports first: whatever the kernel does to the loading of probes, Candor answers.
  auto server = StartServer(flags, loaded, folders, control_plane);
  if (!server) return Refuse(server.error(), kExitServe);
  spdlog::info("{}", StartLine((*server)->listening()));
  control_plane.Attach(**server);
  auto pages = StartPages(config, snapshots, heart, flags.take_over);
  if (!pages) return Refuse(pages.error(), kExitServe);
  (*server)->SetWebListening((*pages)->http(), (*pages)->agent());
  control_plane.Attach(**pages);
  if (const std::string at = WebStartLine(**pages); !at.empty()) spdlog::info("{}", at);
  if (!line) begin();
  notifier.Ready();
  WaitUntilStopped(control_plane);
  ExitWithin(kStopSeconds, kExitStopped);
  notifier.Stopping();
  spdlog::info("stopping");
  poller.Stop();
  control_plane.Stop();
  line->Stop();
  (*pages)->Stop();
  (*server)->Stop();
  return kExitClean;
}

// The exit code of a text that was asked for: a disk that is full is no success.
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
