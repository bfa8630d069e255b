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

#include "daemon/descriptor_store.h"
#include "daemon/exit_code.h"
#include "daemon/flags.h"
#include "daemon/load_config.h"
#include "daemon/log.h"
#include "daemon/make_source.h"
#include "daemon/notify.h"
#include "daemon/operators.h"
#include "daemon/prepare.h"
#include "daemon/rights.h"
#include "daemon/signals.h"
#include "daemon/transition_log.h"
#include "daemon/watch.h"
#include "daemon/watchdog.h"
#include "daemon/web.h"
#include "selfreport/poller.h"
#include "serve/grpc_asker.h"
#include "serve/server.h"

namespace candor::daemon {
namespace {

constexpr unsigned kStopSeconds = 2;
// Of a take-over: an attempt's deadline and a little more; by then all that was open before is settled.
constexpr std::chrono::milliseconds kKnowledgePatience = std::chrono::seconds(12);
constexpr std::chrono::milliseconds kFirstWordPatience{1000};
constexpr std::chrono::milliseconds kPortPatience = std::chrono::minutes(5);

AboutDaemon About(const LoadedConfig& loaded) {
  AboutDaemon about;
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

void WaitUntilStopped(Operators& operators) {
  while (WaitForSignal() == Wish::kReload) operators.ReloadBySignal();
}

// HTTP and HAProxy's agent have one listener each: in a take-over they begin once the candord before lets go.
Result<std::unique_ptr<web::WebServer>> StartPages(const Config& config, const Board& board,
                                                   const web::Heartbeat& heart, bool take_over) {
  using std::chrono::milliseconds;
  const auto started = std::chrono::system_clock::now();
  auto pages = StartWeb(config, board, heart, started);
  for (milliseconds waited{}; take_over && !pages && waited < kPortPatience; waited += milliseconds(20)) {
    std::this_thread::sleep_for(milliseconds(20));
    pages = StartWeb(config, board, heart, started);
  }
  return pages;
}

WatchOptions WatchOptionsOf(const Config& config) {
  WatchOptions o;
  o.pipeline = {config.attempt, config.judge};
  o.list_limit = config.limits.lists;
  return o;
}

// The line and who looks after it, in the order in which they depend on each other.
class Line {
 public:
  Line(const Config& config, const Rights& rights, PinStore& store, bool take_over, Board& board,
       Operators& operators, web::Heartbeat& heart, const Notifier& notifier)
      : dog_({}, &EndStalled),
        watch_(WatchOptionsOf(config), MakeSource(config, rights, store, take_over), board, Clocks{},
               [&, this] {
                 heart.Beat(MonotonicNow());
                 operators.OnTick();
                 dog_.Beat();
                 notifier.Alive();
               }) {
    operators.Attend(watch_);
  }
  // A stop may take as long as it must: EndWithin() is there.
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
  Watch watch_;
};

// Those who ask go on being answered by the candord before until this one knows as much.
void AwaitKnowledge(const Board& board) {
  using std::chrono::milliseconds;
  for (milliseconds waited{}; waited < kKnowledgePatience; waited += milliseconds(50)) {
    const State state = board.Read()->shown().state;
    if (state != State::kUnknown && state != State::kBlind) return;
    std::this_thread::sleep_for(milliseconds(50));
  }
}

// Still blind, but with the node's own word, and what was known of it a moment ago: the first caller may come
// before the line has looked.
void PublishFirst(Board& board, Operators& operators, const Config& config) {
  Snapshot first = *board.Read();
  first.self = operators.desk().Latest();
  const Clocks clocks;
  first.to_wall = clocks.wall() - clocks.now().time_since_epoch();
  first.to_boot = clocks.boot() - clocks.now().time_since_epoch();
  if (auto alarm = operators.AlarmOfBefore(config.judge)) first.verdict = std::move(*alarm);
  board.Publish(std::move(first));
}

Result<std::unique_ptr<Server>> StartServer(const Flags& flags, const LoadedConfig& loaded,
                                            const ServiceFolders& folders, Operators& operators) {
  ServeOptions options = ServeOptionsOf(loaded.config);
  options.take_over = flags.take_over;
  options.admin_socket = AdminSocket(loaded.config, folders, flags.take_over);
  return Server::Start(options, operators.parts(), About(loaded), operators.Hooks());
}

int Refuse(const Error& error, int code) {
  spdlog::error("{}", error.message);
  return code;
}

int Serve(const Flags& flags, const LoadedConfig& loaded, const ServiceFolders& folders, PinStore& store) {
  const Config& config = loaded.config;
  auto pins = PrepareFolders(config, folders);
  if (!pins) return Refuse(pins.error(), kExitUsage);
  const auto rights = Rights::Begin(config, std::move(*pins));
  if (!rights) return Refuse(rights.error(), kExitUsage);
  const Notifier notifier(folders.notify);
  const SelfReportOptions self_options = SelfReportOptionsOf(config);
  auto asker = MakeAsker(self_options);
  if (!asker) return Refuse(asker.error(), kExitUsage);
  Keeping keeping = Keep(config, folders, flags.take_over);
  Board board(config.blind_policy, keeping.earlier ? keeping.earlier->sequence : 0);
  Operators operators(flags, config, board, std::move(keeping));
  TransitionLog transitions;
  board.Subscribe([&](const SnapshotPtr& s) {
    for (const LogLine& line : transitions.Lines(*s)) Log(line);
    operators.OnChange(*s);
  });
  web::Heartbeat heart(MonotonicNow());
  std::unique_ptr<Line> line;
  const auto begin = [&] {
    line =
        std::make_unique<Line>(config, **rights, store, flags.take_over, board, operators, heart, notifier);
  };
  // Before the node was asked Candor answers no: callers need not see that at each restart.
  std::promise<void> asked;
  Poller poller(self_options, std::move(*asker), [&, first = true](const SelfReport& r) mutable {
    operators.desk().Asked(r);
    if (std::exchange(first, false)) asked.set_value();
  });
  if (self_options.kind != SelfReportOptions::Kind::kNone) asked.get_future().wait_for(kFirstWordPatience);
  if (flags.take_over) {
    begin();
    AwaitKnowledge(board);
  }
  if (!line) PublishFirst(board, operators, config);
  // Ports first: whatever the kernel does to the loading of probes, Candor answers.
  auto server = StartServer(flags, loaded, folders, operators);
  if (!server) return Refuse(server.error(), kExitServe);
  spdlog::info("{}", StartLine((*server)->listening()));
  operators.Attend(**server);
  auto pages = StartPages(config, board, heart, flags.take_over);
  if (!pages) return Refuse(pages.error(), kExitServe);
  (*server)->SetWebListening((*pages)->http(), (*pages)->agent());
  operators.Attend(**pages);
  if (const std::string at = WebStartLine(**pages); !at.empty()) spdlog::info("{}", at);
  if (!line) begin();
  notifier.Ready();
  WaitUntilStopped(operators);
  EndWithin(kStopSeconds, kExitStopped);
  notifier.Stopping();
  spdlog::info("stopping");
  poller.Stop();
  operators.Stop();
  line->Stop();
  board.Close();
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
