// SPDX-License-Identifier: Apache-2.0
#include "cli/candorctl.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <system_error>

#include "cli/client/client.h"
#include "cli/commands/commands.h"
#include "cli/commands/flags.h"
#include "cli/commands/node_call.h"
#include "cli/render/output.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kDefaultAddress = "127.0.0.1:7460";

constexpr const char* kDescription =
    "candorctl queries the candord of one media node: do the connections that the node accepts become "
    "active?";

constexpr const char* kHelp =
    R"(Start with `candorctl status`; for FAILING, `candorctl why` explains the verdict; for BLIND,
`candorctl doctor` shows why the probes see nothing.

Exit codes: 0 done; 1 bad arguments; 2 candord cannot be reached; 3 the call failed; 4 not serving
(probe); 5 time ran out (watch --for); 6 a check failed (doctor); 7 a change was sent and is not
confirmed (drain, undrain, override, reload, reset-baseline); 8 the output could not be written.
Environment: CANDOR_ADDRESS instead of --address; CANDOR_ADMIN instead of --admin; NO_COLOR for
--no-color; COLUMNS for the width that lines are broken at (else the terminal's; none in a pipe).)";

constexpr const char* kGlobals = R"(

Every command also takes --address, --admin, --timeout, --tls-*, -o table|json and --no-color
(candorctl --help).)";

struct GlobalFlags {
  std::string address = kDefaultAddress;
  std::string admin;
  std::string timeout = "2s";
  std::string output = "table";
  std::string server;
  TlsFiles tls;
  bool no_colour = false;
};

std::string CheckAddress(const std::string& text) {
  if (IsAddress(text)) return "";
  return "expected HOST:PORT or unix:PATH, got '" + Printable(text) + "'";
}

// What --admin takes, as an address.
std::string AdminAddress(const std::string& text) {
  return text.empty() || text.starts_with("unix:") ? text : "unix:" + text;
}

// Returns the option of the address.
CLI::Option* DeclareGlobals(CLI::App& app, GlobalFlags& flags) {
  auto* address = app.add_option("--address", flags.address, "candord's gRPC address: HOST:PORT or unix:PATH")
                      ->check(CLI::Validator(CheckAddress, ""))
                      ->capture_default_str();
  app.add_option(
         "--admin", flags.admin,
         "candord's admin socket, for overrides; default: the usual paths of this machine, then the path "
         "that the candord at --address reports")
      ->type_name("PATH");
  app.add_option("--timeout", flags.timeout, "for connecting, and again for each call: 2s, 500ms")
      ->check(DurationFrom(std::chrono::milliseconds(1), "a duration such as 2s or 500ms"))
      ->capture_default_str();
  app.add_option("--server", flags.server,
                 "one media server of the node (candorctl servers lists them) instead of the node")
      ->type_name("NAME");
  app.add_option("--tls-ca", flags.tls.ca, "use TLS and trust the certificates of this PEM file")
      ->type_name("FILE");
  app.add_option("--tls-cert", flags.tls.certificate, "use TLS and present this certificate, with --tls-key")
      ->type_name("FILE");
  app.add_option("--tls-key", flags.tls.key, "the private key of --tls-cert")->type_name("FILE");
  app.add_option("--tls-name", flags.tls.name, "use TLS; the certificate's name, where it is not the address")
      ->type_name("NAME");
  app.add_option("-o,--output", flags.output, "table for people, json for programs (one object a line)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  app.add_flag("--no-color", flags.no_colour, "no colours; they are used on a terminal only");
  return address;
}

struct Declared {
  CLI::App* app = nullptr;
  Command::Run run;
  bool verbatim = false;
  bool by_server = false;
};

std::vector<Declared> DeclareCommands(CLI::App& app) {
  std::vector<Declared> declared;
  for (const Command& command : AllCommands()) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->footer(command.footer + kGlobals);
    declared.push_back({sub, command.declare(*sub), command.verbatim, command.by_server});
  }
  app.require_subcommand(0, 1);
  return declared;
}

int NoCommand(std::ostream& err) {
  err << "candorctl: expected a command, one of:";
  for (const Command& command : AllCommands()) err << " " << command.name;
  err << "\ncandorctl --help describes them\n";
  return kExitArguments;
}

// Returns an exit code when no command is to run: help was printed, or the arguments are bad.
std::optional<int> Parse(CLI::App& app, const std::vector<std::string>& arguments, std::ostream& out,
                         std::ostream& err) {
  try {
    // CLI11 reads the vector from its back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return std::nullopt;
  } catch (const CLI::Success& help) {
    app.exit(help, out, err);
    return kExitOk;
  } catch (const CLI::ParseError& wrong) {
    err << "candorctl: " << Printable(wrong.what()) << "\n";
  }
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) return NoCommand(err);
  err << "candorctl " << chosen.front()->get_name() << " --help shows what is expected\n";
  return kExitArguments;
}

// The exit code once all output is written: `code`, or kExitOutput when a write failed.
int Finish(int code, const Environment& environment, std::ostream& out, std::ostream& err) {
  out.flush();
  if (out) return code;
  const int error = environment.output_error ? environment.output_error() : 0;
  err << "candorctl: cannot write the output"
      << (error != 0 ? ": " + std::generic_category().message(error) : std::string()) << "\n";
  return kExitOutput;
}

int RunParsed(const std::vector<std::string>& arguments, const Environment& environment, std::ostream& out,
              std::ostream& err) {
  CLI::App app(kDescription, "candorctl");
  app.footer(kHelp);
  app.fallthrough();  // global flags may stand after the command
  GlobalFlags flags;
  if (!environment.address.empty()) flags.address = environment.address;
  flags.admin = environment.admin;
  const CLI::Option* address = DeclareGlobals(app, flags);
  const std::vector<Declared> commands = DeclareCommands(app);
  {
    WrappingBuffer lines(*out.rdbuf(), environment.out_columns);
    std::ostream help(&lines);
    if (const std::optional<int> done = Parse(app, arguments, help, err)) return *done;
  }
  if (const std::string wrong = CheckAddress(flags.address); !wrong.empty()) {
    err << "candorctl: CANDOR_ADDRESS: " << wrong << "\n";
    return kExitArguments;
  }
  const auto command =
      std::find_if(commands.begin(), commands.end(), [](const Declared& c) { return c.app->parsed(); });
  if (command == commands.end()) return NoCommand(err);
  if (!flags.server.empty() && !command->by_server) {
    err << "candorctl: " << command->app->get_name() << " is of the whole node: expected no --server\n";
    return kExitArguments;
  }
  const Format format = flags.output == "json" ? Format::kJson : Format::kTable;
  const bool whole = command->verbatim || format == Format::kJson;
  WrappingBuffer lines(*out.rdbuf(), whole ? 0 : environment.out_columns);
  std::ostream wrapped(&lines);
  Session session{flags.address,
                  address->count() > 0 || !environment.address.empty(),
                  AdminAddress(flags.admin),
                  *ParseDuration(flags.timeout),
                  flags.tls,
                  format,
                  Style{environment.may_colour && !flags.no_colour},
                  wrapped,
                  err,
                  environment,
                  flags.server};
  if (const std::optional<int> refused = RefuseNodeWithoutServers(session)) return *refused;
  const int code = command->run(session);
  if (!wrapped.flush()) out.setstate(std::ios::badbit);
  return code;
}

}  // namespace

int RunCandorctl(const std::vector<std::string>& arguments, const Environment& environment, std::ostream& out,
                 std::ostream& err) {
  WrappingBuffer lines(*err.rdbuf(), environment.err_columns);
  std::ostream wrapped(&lines);
  return Finish(RunParsed(arguments, environment, out, wrapped), environment, out, wrapped);
}

}  // namespace candor::cli
