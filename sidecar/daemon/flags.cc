// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags.h"

#include <CLI/CLI.hpp>
#include <sstream>

#include "daemon/exit_code.h"

namespace candor::daemon {
namespace {

constexpr const char* kDescription =
    R"(Health monitor for the WebRTC or SIP media server on this node: do the media connections that it accepts
become active? Query it with candorctl, over gRPC (grpc.health.v1.Health, candor.v1.NodeHealth), over HTTP
(/readyz, /metrics), or by HAProxy's agent-check.)";

constexpr const char* kFooter =
    R"(A flag overrides the file. Every setting of the file, with its meaning: candord --print-config

Examples:
  candord                                           watch all of this machine, answer on 127.0.0.1:7460-7462
  candord --cgroup /sys/fs/cgroup/media.slice       only the media server's sockets
  candord --self-report-http http://127.0.0.1:7880/ use the node's own health report too
  candord --source pcap:eth0                        where BPF may not be loaded

Capabilities: CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN to watch through BPF, or CAP_NET_RAW for a capture.
With neither it runs, answers BLIND, and names what is missing.
Signals: SIGTERM and SIGINT end it within 2 s. SIGHUP reads the settings again, as candorctl reload does:
settings that need no restart are applied, the log names the others; a file with an error changes nothing.
Exit codes: 0 clean stop, 1 wrong arguments or configuration, 2 an address cannot be served,
            3 the stop took too long and was ended, 4 the pipeline stalled and was ended)";

// The value of each flag, as CLI11 fills it in.
struct FlagValues {
  std::string source, cgroup, http, grpc, trusted, admin, state, pin, log_level;
  std::vector<std::string> listen;
};

std::vector<std::string> SplitAtCommas(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string item; std::getline(in, item, ',');) out.push_back(item);
  return out;
}

void AddOptions(CLI::App& app, Flags& flags, FlagValues& values) {
  app.add_option("--config", flags.config_file,
                 "settings, as YAML; without it this file is read if it exists")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_flag("--check-config", flags.check_config, "check file and flags, name every error, and end");
  app.add_flag("--print-config", flags.print_config,
               "print the settings in force with their meaning, and end");
  app.add_flag("--take-over", flags.take_over,
               "start beside the candord that runs here and answer too; stop that one afterwards");
  app.add_option("--source", values.source, "auto | bpf | pcap:IFACE")->type_name("SOURCE");
  app.add_option("--cgroup", values.cgroup, "the media server's cgroup, or auto for all")->type_name("PATH");
  app.add_option("--listen", values.listen, "answer gRPC here; may be given more than once")
      ->type_name("HOST:PORT|unix:/PATH")
      ->expected(1)
      ->take_all();
  auto* http = app.add_option("--self-report-http", values.http,
                              "URL of the node's own health report; 2xx: it is well")
                   ->type_name("URL");
  app.add_option("--self-report-grpc", values.grpc, "the node's own health report, by grpc.health.v1")
      ->type_name("HOST:PORT|unix:/PATH")
      ->excludes(http);
  app.add_option("--trusted", values.trusted,
                 "addresses or CIDRs that count per attempt, separated by commas")
      ->type_name("LIST");
  app.add_option("--admin-socket", values.admin, "where operators may drain and override: auto | off | /PATH")
      ->type_name("PATH");
  app.add_option("--state-file", values.state, "what is kept across restarts: auto | off | /PATH")
      ->type_name("PATH");
  app.add_option("--pin", values.pin, "probes that stay when candord is killed: auto | off | /FOLDER")
      ->type_name("PATH");
  app.add_option("--log-level", values.log_level, "trace | debug | info | warn | error | off")
      ->type_name("LEVEL");
  app.set_version_flag("--version", std::string("candord ") + CANDOR_VERSION, "print the version and end");
}

// In this order: a self-report over HTTP replaces one over gRPC that the file sets, and the other way round.
void Collect(const CLI::App& app, const FlagValues& values, Flags& flags) {
  const auto set = [&](const char* flag, const char* path, std::vector<std::string> texts) {
    if (app.count(flag) > 0) flags.settings.emplace_back(path, std::move(texts));
  };
  set("--source", "source", {values.source});
  set("--cgroup", "cgroup", {values.cgroup});
  set("--listen", "listen.grpc", values.listen);
  set("--self-report-http", "self_report.grpc", {""});
  set("--self-report-http", "self_report.service", {""});
  set("--self-report-http", "self_report.http", {values.http});
  set("--self-report-grpc", "self_report.http", {""});
  set("--self-report-grpc", "self_report.grpc", {values.grpc});
  set("--trusted", "trusted_sources", SplitAtCommas(values.trusted));
  set("--admin-socket", "admin.socket", {values.admin});
  set("--state-file", "state_file", {values.state});
  set("--pin", "pin", {values.pin});
  set("--log-level", "log_level", {values.log_level});
  flags.config_named = app.count("--config") > 0;
}

}  // namespace

ParsedFlags ParseFlags(int argc, const char* const* argv) {
  Flags flags;
  FlagValues values;
  CLI::App app(kDescription, "candord");
  app.footer(kFooter);
  app.get_formatter()->column_width(46);
  AddOptions(app, flags, values);
  try {  // CLI11 throws, for --help too
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::ostringstream text;
    const bool asked = app.exit(e, text, text) == 0;
    return {std::nullopt, asked ? kExitClean : kExitUsage, text.str()};
  }
  Collect(app, values, flags);
  return {std::move(flags), kExitClean, {}};
}

}  // namespace candor::daemon
