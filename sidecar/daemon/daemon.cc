// SPDX-License-Identifier: Apache-2.0
#include "daemon/daemon.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <string>

#include "daemon/exit_code.h"
#include "daemon/flags.h"
#include "daemon/load_config.h"
#include "daemon/log.h"
#include "daemon/make_source.h"
#include "daemon/notify.h"
#include "daemon/operators.h"
#include "daemon/signals.h"
#include "daemon/transition_log.h"
#include "daemon/watch.h"
#include "daemon/web.h"
#include "selfreport/poller.h"
#include "serve/grpc_asker.h"
#include "serve/server.h"

namespace candor::daemon {
namespace {

constexpr unsigned kStopSeconds = 2;

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

WatchOptions WatchOptionsOf(const Config& config) {
  WatchOptions o;
  o.pipeline = {config.attempt, config.judge};
  o.list_limit = config.limits.lists;
  return o;
}

int Serve(const Flags& flags, const LoadedConfig& loaded, const ServiceFolders& folders) {
  const Config& config = loaded.config;
  const SelfReportOptions self_options = SelfReportOptionsOf(config);
  auto asker = MakeAsker(self_options);
  if (!asker) {
    spdlog::error("{}", asker.error().message);
    return kExitUsage;
  }
  const Keeping keeping = Keep(config, folders);
  Board board(config.blind_policy, keeping.earlier ? keeping.earlier->sequence : 0);
  Operators operators(flags, config, board, keeping);
  TransitionLog transitions;
  board.Subscribe([&](const SnapshotPtr& s) {
    for (const LogLine& line : transitions.Lines(*s)) Log(line);
    operators.OnChange(*s);
  });
  // Ports first: whatever the kernel does to the loading of probes, Candor answers.
  ServeOptions serve = ServeOptionsOf(config);
  serve.admin_socket = AdminSocket(config, folders);
  auto server = Server::Start(serve, operators.parts(), About(loaded), operators.Hooks());
  if (!server) {
    spdlog::error("{}", server.error().message);
    return kExitServe;
  }
  spdlog::info("{}", StartLine((*server)->listening()));
  operators.Attend(**server);
  web::Heartbeat heart(MonotonicNow());
  auto pages = StartWeb(config, board, heart, std::chrono::system_clock::now());
  if (!pages) {
    spdlog::error("{}", pages.error().message);
    return kExitServe;
  }
  (*server)->SetWebListening((*pages)->http(), (*pages)->agent());
  operators.Attend(**pages);
  if (const std::string line = WebStartLine(**pages); !line.empty()) spdlog::info("{}", line);
  Watch watch(WatchOptionsOf(config), MakeSource(config), board, Clocks{}, [&] {
    heart.Beat(MonotonicNow());
    operators.OnTick();
    NotifyAlive();
  });
  operators.Attend(watch);
  Poller poller(self_options, std::move(*asker), [&](const SelfReport& r) { operators.desk().Asked(r); });
  NotifyReady();
  WaitUntilStopped(operators);
  EndWithin(kStopSeconds, kExitStopped);
  NotifyStopping();
  spdlog::info("stopping");
  poller.Stop();
  operators.Stop();
  watch.Stop();
  board.Close();
  (*pages)->Stop();
  (*server)->Stop();
  return kExitClean;
}

}  // namespace

int Run(int argc, const char* const* argv, const ServiceFolders& folders) {
  const ParsedFlags parsed = ParseFlags(argc, argv);
  if (!parsed.flags) {
    std::fputs(parsed.text.c_str(), parsed.exit_code == kExitClean ? stdout : stderr);
    return parsed.exit_code;
  }
  const auto loaded = LoadConfig(*parsed.flags);
  if (!loaded) {
    for (const std::string& error : loaded.error()) fmt::print(stderr, "candord: {}\n", error);
    return kExitUsage;
  }
  if (parsed.flags->print_config) fmt::print("{}", PrintConfig(loaded->config));
  if (parsed.flags->check_config) {
    fmt::print(stderr, "candord: {}: no errors\n", loaded->file.empty() ? "no file read" : loaded->file);
  }
  if (parsed.flags->print_config || parsed.flags->check_config) return kExitClean;
  BlockSignals();
  StartLogging(loaded->config.log_level);
  return Serve(*parsed.flags, *loaded, folders);
}

}  // namespace candor::daemon
