// SPDX-License-Identifier: Apache-2.0
#include "daemon/daemon.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <string>

#include "daemon/exit_code.h"
#include "daemon/flags.h"
#include "daemon/load_config.h"
#include "daemon/make_source.h"
#include "daemon/notify.h"
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

void StartLogging(LogLevel level) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("candord"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::trace, spdlog::level::debug,
                                                   spdlog::level::info,  spdlog::level::warn,
                                                   spdlog::level::err,   spdlog::level::off};
  spdlog::set_level(kLevels[static_cast<size_t>(level)]);
}

void Log(const LogLine& line) {
  switch (line.severity) {
    case Severity::kInfo:
      return spdlog::info("{}", line.text);
    case Severity::kWarning:
      return spdlog::warn("{}", line.text);
    case Severity::kError:
      return spdlog::error("{}", line.text);
  }
}

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

void WaitUntilStopped() {
  while (WaitForSignal() == Wish::kReload) {
    spdlog::warn("SIGHUP: settings are read at start only; restart candord to apply changes");
  }
}

WatchOptions WatchOptionsOf(const Config& config) {
  WatchOptions o;
  o.pipeline = {config.attempt, config.judge};
  return o;
}

int Serve(const LoadedConfig& loaded) {
  const Config& config = loaded.config;
  const SelfReportOptions self_options = SelfReportOptionsOf(config);
  auto asker = MakeAsker(self_options);
  if (!asker) {
    spdlog::error("{}", asker.error().message);
    return kExitUsage;
  }
  Board board(config.blind_policy);
  TransitionLog transitions;
  board.Subscribe([&](const SnapshotPtr& s) {
    for (const LogLine& line : transitions.Lines(*s)) Log(line);
  });
  // Ports first: whatever the kernel does to the loading of probes, Candor answers.
  auto server = Server::Start(ServeOptionsOf(config), board, About(loaded));
  if (!server) {
    spdlog::error("{}", server.error().message);
    return kExitServe;
  }
  spdlog::info("{}", StartLine((*server)->listening()));
  web::Heartbeat heart(MonotonicNow());
  auto pages = StartWeb(config, board, heart, std::chrono::system_clock::now());
  if (!pages) {
    spdlog::error("{}", pages.error().message);
    return kExitServe;
  }
  if (const std::string line = WebStartLine(**pages); !line.empty()) spdlog::info("{}", line);
  Watch watch(WatchOptionsOf(config), MakeSource(config), board, Clocks{}, [&heart] {
    heart.Beat(MonotonicNow());
    NotifyAlive();
  });
  Poller poller(self_options, std::move(*asker), [&](const SelfReport& r) { watch.TellSelfReport(r); });
  watch.TellSelfReport(poller.Latest());
  watch.Start();
  NotifyReady();
  WaitUntilStopped();
  EndWithin(kStopSeconds, kExitStopped);
  NotifyStopping();
  spdlog::info("stopping");
  poller.Stop();
  watch.Stop();
  board.Close();
  (*pages)->Stop();
  (*server)->Stop();
  return kExitClean;
}

}  // namespace

int Run(int argc, const char* const* argv) {
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
  return Serve(*loaded);
}

}  // namespace candor::daemon
