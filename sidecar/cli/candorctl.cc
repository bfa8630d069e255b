// SPDX-License-Identifier: Apache-2.0
#include "cli/candorctl.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <system_error>

#include "cli/client/client.h"
#include "cli/commands/commands.h"
#include "cli/render/output.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kDescription =
    "candorctl asks the candord of one media node: do the connections that the node accepts become active?";

constexpr const char* kHelp =
    "Start with `candorctl status`; when it says FAILING, `candorctl why` explains the chain; when it says\n"
    "BLIND, `candorctl doctor` says what keeps Candor from seeing.\n"
    "\n"
    "Exit codes: 0 done; 1 bad arguments; 2 candord cannot be reached; 3 the call failed; 4 not serving\n"
    "(probe); 5 time ran out (watch --for); 6 something is wrong (doctor); 7 an order was sent and is not\n"
    "confirmed (drain, undrain, override, reload, reset-baseline); 8 the answer could not be written.\n"
    "Environment: CANDOR_ADDRESS instead of --address; CANDOR_ADMIN instead of --admin; NO_COLOR for\n"
    "--no-color; COLUMNS for the width that lines are broken at (else the terminal's; none in a pipe).";

constexpr const char* kGlobals =
    "Every command also takes --address, --admin, --timeout, --tls-*, -o table|json and --no-color\n"
    "(candorctl --help).";

struct GlobalFlags {
  std::string address;
  std::string admin;
  std::string timeout = "2s";
  std::string output = "table";
  TlsFiles tls;
  bool no_colour = false;
};

std::string CheckAddress(const std::string& text) {
  if (IsAddress(text)) return "";
  return "expected HOST:PORT or unix:PATH, got '" + Printable(text) + "'";
}

std::string CheckDuration(const std::string& text) {
  if (ParseDuration(text)) return "";
  return "expected a duration such as 2s or 500ms, got '" + Printable(text) + "'";
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
         "candord's admin socket, for orders; without it the usual places of this machine, then where "
         "the candord at --address says")
      ->type_name("PATH");
  app.add_option("--timeout", flags.timeout, "for connecting, and again for each call: 2s, 500ms")
      ->check(CLI::Validator(CheckDuration, ""))
      ->capture_default_str();
  app.add_option("--tls-ca", flags.tls.ca, "speak TLS and trust the certificates of this PEM file")
      ->type_name("FILE");
  app.add_option("--tls-cert", flags.tls.certificate, "speak TLS and show this certificate, with --tls-key")
      ->type_name("FILE");
  app.add_option("--tls-key", flags.tls.key, "the private key of --tls-cert")->type_name("FILE");
  app.add_option("--tls-name", flags.tls.name,
                 "speak TLS; the certificate's name, where it is not the address")
      ->type_name("NAME");
  app.add_option("-o,--output", flags.output, "table for people, json for programs (one object a line)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  app.add_flag("--no-color", flags.no_colour, "never colour; colour is used on a terminal only");
  return address;
}

struct Declared {
  CLI::App* app = nullptr;
  Command::Run run;
  bool verbatim = false;
};

std::vector<Declared> DeclareCommands(CLI::App& app) {
  std::vector<Declared> declared;
  for (const Command& command : AllCommands()) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->footer(command.footer + "\n\n" + kGlobals);
    declared.push_back({sub, command.declare(*sub), command.verbatim});
  }
  app.require_subcommand(0, 1);
  return declared;
}

int NoCommand(std::ostream& err) {
  err << "candorctl: expected a command, one of:";
  for (const Command& command : AllCommands()) err << " " << command.name;
  err << "\ncandorctl --help shows what each answers\n";
  return kExitArguments;
}

// Parses; an exit code when there is nothing left to run (help was asked for, or the arguments are bad).
std::optional<int> Parse(CLI::App& app, const std::vector<std::string>& arguments, std::ostream& out,
                         std::ostream& err) {
  try {
    // CLI11 takes a vector from its back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return std::nullopt;
  } catch (const CLI::Success& asked) {
    app.exit(asked, out, err);
    return kExitOk;
  } catch (const CLI::ParseError& wrong) {
    err << "candorctl: " << Printable(wrong.what()) << "\n";
  }
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) return NoCommand(err);
  err << "candorctl " << chosen.front()->get_name() << " --help shows what is expected\n";
  return kExitArguments;
}

// What the output says of itself once everything was handed to it.
int Finish(int code, const Environment& environment, std::ostream& out, std::ostream& err) {
  out.flush();
  if (out) return code;
  const int why = environment.output_error ? environment.output_error() : 0;
  err << "candorctl: cannot write the answer"
      << (why != 0 ? ": " + std::generic_category().message(why) : std::string()) << "\n";
  return kExitOutput;
}

int Chosen(const std::vector<Declared>& commands, Session& session) {
  for (const Declared& command : commands) {
    if (!command.app->parsed()) continue;
    if (command.verbatim || session.json()) return command.run(session);
    WrappingBuffer lines(*session.out.rdbuf(), session.environment.out_columns);
    std::ostream wrapped(&lines);
    Session broken{session.address, session.address_given, session.admin, session.timeout,
                   session.tls,     session.format,        session.style, wrapped,
                   session.err,     session.environment};
    const int code = command.run(broken);
    if (!wrapped.flush()) session.out.setstate(std::ios::badbit);
    return code;
  }
  return NoCommand(session.err);
}

}  // namespace

void VisitParser(const std::function<void(const CLI::App&)>& visit) {
  CLI::App app(kDescription, "candorctl");
  app.footer(kHelp);
  GlobalFlags flags;
  flags.address = kDefaultAddress;
  DeclareGlobals(app, flags);
  const std::vector<Declared> commands = DeclareCommands(app);
  visit(app);
}

namespace {

int RunParsed(const std::vector<std::string>& arguments, const Environment& environment, std::ostream& out,
              std::ostream& err) {
  CLI::App app(kDescription, "candorctl");
  app.footer(kHelp);
  app.fallthrough();  // global flags may stand after the command
  GlobalFlags flags;
  flags.address = environment.address.empty() ? kDefaultAddress : environment.address;
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
  Session session{flags.address,
                  address->count() > 0 || !environment.address.empty(),
                  AdminAddress(flags.admin),
                  *ParseDuration(flags.timeout),
                  flags.tls,
                  flags.output == "json" ? Format::kJson : Format::kTable,
                  Style{environment.may_colour && !flags.no_colour},
                  out,
                  err,
                  environment};
  return Chosen(commands, session);
}

}  // namespace

int RunCandorctl(const std::vector<std::string>& arguments, const Environment& environment, std::ostream& out,
                 std::ostream& err) {
  WrappingBuffer lines(*err.rdbuf(), environment.err_columns);
  std::ostream wrapped(&lines);
  return Finish(RunParsed(arguments, environment, out, wrapped), environment, out, wrapped);
}

}  // namespace candor::cli
