// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags.h"

#include <CLI/CLI.hpp>
#include <sstream>

#include "daemon/exit_code.h"

namespace candor::daemon {
namespace {

constexpr const char* kDescription =
    "Watches the media connections of this node and serves one answer: do those it accepts become active?\n"
    "Ask it with candorctl, over gRPC (grpc.health.v1.Health, candor.v1.NodeHealth), over HTTP (/readyz,\n"
    "/metrics), or by HAProxy's agent-check.";

constexpr const char* kFooter =
    "A flag overrides the file. Every setting of the file, with its meaning: candord --print-config\n"
    "\n"
    "Examples:\n"
    "  candord                                           watch all of this machine, answer on "
    "127.0.0.1:7460-7462\n"
    "  candord --cgroup /sys/fs/cgroup/media.slice       only the media server's sockets\n"
    "  candord --self-report-http http://127.0.0.1:7880/ what the node says of itself counts too\n"
    "  candord --source pcap:eth0                        where BPF may not be loaded\n"
    "\n"
    "Rights: CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN to watch through BPF, or CAP_NET_RAW for a capture.\n"
    "With neither it runs, answers BLIND, and says what is missing.\n"
    "Signals: SIGTERM and SIGINT end it within 2 s. SIGHUP reads the settings again, as candorctl reload\n"
    "does: what can be applied live is, the log names what needs a restart; a broken file changes nothing.\n"
    "Exit codes: 0 clean stop, 1 wrong arguments or configuration, 2 an address cannot be served,\n"
    "            3 the stop took too long and was cut short, 4 the pipeline stood still and was ended";

// What each flag was given, as CLI11 fills it in.
struct Given {
  std::string source, cgroup, http, grpc, trusted, admin, state, pin, log_level;
  std::vector<std::string> listen;
};

std::vector<std::string> SplitAtCommas(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string item; std::getline(in, item, ',');) out.push_back(item);
  return out;
}

void AddOptions(CLI::App& app, Flags& flags, Given& given) {
  app.add_option("--config", flags.config_file,
                 "settings, as YAML; without it this file is read if it exists")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_flag("--check-config", flags.check_config, "check file and flags, name every error, and end");
  app.add_flag("--print-config", flags.print_config,
               "print the settings in force with their meaning, and end");
  app.add_flag("--take-over", flags.take_over,
               "learn beside the candord that runs here, then answer too; then stop that one");
  app.add_option("--source", given.source, "auto | bpf | pcap:IFACE")->type_name("SOURCE");
  app.add_option("--cgroup", given.cgroup, "the media server's cgroup, or auto for all")->type_name("PATH");
  app.add_option("--listen", given.listen, "answer gRPC here; may be given more than once")
      ->type_name("HOST:PORT|unix:/PATH")
      ->expected(1)
      ->take_all();
  auto* http = app.add_option("--self-report-http", given.http, "ask the node itself here; 2xx is a yes")
                   ->type_name("URL");
  app.add_option("--self-report-grpc", given.grpc, "ask the node itself here, by grpc.health.v1")
      ->type_name("HOST:PORT|unix:/PATH")
      ->excludes(http);
  app.add_option("--trusted", given.trusted, "addresses or CIDRs that count per attempt, separated by commas")
      ->type_name("LIST");
  app.add_option("--admin-socket", given.admin, "where operators may drain and override: auto | off | /PATH")
      ->type_name("PATH");
  app.add_option("--state-file", given.state, "what outlives candord: auto | off | /PATH")->type_name("PATH");
  app.add_option("--pin", given.pin, "what outlives a candord that was killed: auto | off | /FOLDER")
      ->type_name("PATH");
  app.add_option("--log-level", given.log_level, "trace | debug | info | warn | error | off")
      ->type_name("LEVEL");
  app.set_version_flag("--version", std::string("candord ") + CANDOR_VERSION, "print the version and end");
}

// The order matters: asking one way replaces what the file says of asking the other way.
void Collect(const CLI::App& app, const Given& given, Flags& flags) {
  const auto set = [&](const char* flag, const char* path, std::vector<std::string> values) {
    if (app.count(flag) > 0) flags.settings.emplace_back(path, std::move(values));
  };
  set("--source", "source", {given.source});
  set("--cgroup", "cgroup", {given.cgroup});
  set("--listen", "listen.grpc", given.listen);
  set("--self-report-http", "self_report.grpc", {""});
  set("--self-report-http", "self_report.service", {""});
  set("--self-report-http", "self_report.http", {given.http});
  set("--self-report-grpc", "self_report.http", {""});
  set("--self-report-grpc", "self_report.grpc", {given.grpc});
  set("--trusted", "trusted_sources", SplitAtCommas(given.trusted));
  set("--admin-socket", "admin.socket", {given.admin});
  set("--state-file", "state_file", {given.state});
  set("--pin", "pin", {given.pin});
  set("--log-level", "log_level", {given.log_level});
  flags.config_named = app.count("--config") > 0;
}

}  // namespace

ParsedFlags ParseFlags(int argc, const char* const* argv) {
  Flags flags;
  Given given;
  CLI::App app(kDescription, "candord");
  app.footer(kFooter);
  app.get_formatter()->column_width(46);
  AddOptions(app, flags, given);
  try {  // CLI11 speaks in exceptions, for --help too; none leaves this function
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::ostringstream text;
    const bool asked = app.exit(e, text, text) == 0;
    return {std::nullopt, asked ? kExitClean : kExitUsage, text.str()};
  }
  Collect(app, given, flags);
  return {std::move(flags), kExitClean, {}};
}

}  // namespace candor::daemon
