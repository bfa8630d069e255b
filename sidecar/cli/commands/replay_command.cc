// SPDX-License-Identifier: Apache-2.0
//
// The flags of `candorctl replay`. Tested in tests/cli/candorctl_test.cc.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/offline/replay.h"

namespace candor::cli {
namespace {

Command::Run Declare(CLI::App& app) {
  const auto arguments = std::make_shared<ReplayArguments>();
  app.add_option("FILE", arguments->file, "pcap or pcapng capture; - is standard input")->required();
  const auto nodes = std::make_shared<std::vector<std::string>>();
  app.add_option("--node", *nodes, "the node's own addresses in the capture: ADDR|CIDR,...; may be repeated")
      ->required()
      ->take_all()
      ->allow_extra_args(false);
  app.add_option(
      "--socket-capture", arguments->socket_capture,
      "a capture of the same time at the node's sockets: what FILE has beside it was dropped here");
  app.add_option("--ports", arguments->ports, "only these UDP ports of the node: A-B");
  app.add_option("--trusted", arguments->flags.trusted, kTrustedHelp);
  app.add_option("--nat64", arguments->flags.nat64, kNat64Help);
  app.add_option("--role", arguments->flags.role, kRoleHelp);
  app.add_option("--self-report", arguments->self_report, "the node's self-report: ok or down");
  app.add_option("--false-alarms-per-month", arguments->false_alarms_per_month,
                 "accepted in 30 days, above 0")
      ->capture_default_str();
  app.add_option("--smallest-share", arguments->smallest_share,
                 "smallest share of failing attempts to detect, above 0 and below 1")
      ->capture_default_str();
  app.add_flag("--attempts", arguments->attempts, "print every attempt");
  return [arguments, nodes](Session& session) {
    for (const std::string& n : *nodes) arguments->node += (arguments->node.empty() ? "" : ",") + n;
    arguments->json = session.json();
    arguments->colour = session.style.colour;
    arguments->progress = session.environment.err_is_terminal;
    return RunReplay(*arguments, session.out, session.err);
  };
}

}  // namespace

Command ReplayCommand() { return {"replay", kReplaySummary, kReplayHelp, Declare}; }

}  // namespace candor::cli
