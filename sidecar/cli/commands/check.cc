// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/commands/node_call.h"
#include "cli/render/enum_names.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers, in the form of a monitoring plugin: is this node healthy? --nagios prints one status line with
performance data and exits by the plugin rules; --keepalived exits as a vrrp_script does, by the effective
answer.

Example:    candorctl check --nagios
            candorctl check --keepalived --timeout 500ms
JSON:       one candor.v1.Verdict; empty output when there is none
Exit codes: --nagios: 0 OK (HEALTHY); 1 WARNING (DEGRADED, PROBATION, or a state override that serves);
            2 CRITICAL (not serving); 3 UNKNOWN (UNKNOWN or BLIND and serving, or no answer).
            --keepalived: 0 serving; 1 anything else. Bad arguments are 1)";

struct Flags {
  bool nagios = false;
  bool keepalived = false;
};

enum Nagios : int { kOk = 0, kWarning = 1, kCritical = 2, kUnknown = 3 };
constexpr const char* kWords[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

Nagios Grade(const pb::Verdict& v) {
  if (!v.serving()) return kCritical;
  switch (v.state()) {
    case pb::HEALTHY:
      return v.has_state_override() ? kWarning : kOk;  // an override hides the state
    case pb::DEGRADED:
    case pb::PROBATION:
      return kWarning;
    default:
      return kUnknown;
  }
}

// After a bar the monitor reads performance data.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (c == '|') c = '/';
  }
  return text;
}

std::string NagiosLine(const pb::Verdict& v) {
  const pb::Funnel& f = v.funnel();
  std::string text = fmt::format("CANDOR {} - {}, {}", kWords[Grade(v)], StateName(v.state()), v.reason());
  if (!v.detail().empty()) text += ": " + v.detail();
  return OneLine(Printable(text)) +
         fmt::format(" | offered={}c active={}c stalled_node={}c open_active={} severity={:.4f};;;0;1\n",
                     f.offered(), f.active(), f.stalled_node(), f.open_active(), v.severity());
}

int RunCheck(const Flags& flags, Session& session) {
  if (flags.nagios == flags.keepalived) {
    session.err << "candorctl: expected one of --nagios and --keepalived\n";
    return kExitArguments;
  }
  const auto verdict = CallNode(session, &pb::NodeHealth::Stub::GetVerdict, VerdictRequestOf(session));
  if (!verdict) {
    if (flags.nagios && !session.json()) {
      session.out << "CANDOR UNKNOWN - " << OneLine(verdict.error().message) << "\n";
    } else {
      session.err << "candorctl: " << verdict.error().message << "\n";
    }
    return flags.nagios ? kUnknown : 1;
  }
  if (session.json()) {
    session.out << ToJson(*verdict) << "\n";
  } else if (flags.nagios) {
    session.out << NagiosLine(*verdict);
  }
  if (flags.nagios) return Grade(*verdict);
  return verdict->serving() ? 0 : 1;
}

Command::Run Declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_flag("--nagios", flags->nagios, "a plugin for Nagios, Icinga, Sensu, checkmk");
  app.add_flag("--keepalived", flags->keepalived, "a vrrp_script for keepalived");
  return [flags](Session& session) { return RunCheck(*flags, session); };
}

}  // namespace

Command CheckCommand() {
  Command command = {"check", "Is this node healthy, as a check of Nagios or keepalived?", kHelp, Declare,
                     true};
  command.by_server = true;
  return command;
}

}  // namespace candor::cli
