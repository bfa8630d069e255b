// SPDX-License-Identifier: Apache-2.0
//
// The flags of `candorctl judge`. Tested in tests/cli/candorctl_test.cc.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/offline/judge.h"

namespace candor::cli {
namespace {

constexpr auto kSummary = "Answers: what would Candor's verdict have been for these attempts?";

constexpr auto kHelp = R"(Runs the judge alone over a trace: JSON lines sorted by t (seconds), one event each:
  {"t":12.3,"e":"attempt","id":7,"ip":"203.0.113.9"}   first packet of an attempt
  {"t":12.4,"e":"ack","id":7}                          the node acknowledged it
  {"t":12.6,"e":"active","id":7}                       media in both directions
  {"t":12.7,"e":"media","id":7,"media":"rtp_out"}      the first packets of a kind of media
  {"t":20.1,"e":"dead","id":7}                         active, then the node stopped sending
  {"t":31.0,"e":"close","id":7}                        ended cleanly
Optional on any line: "waiting_on":"node|peer|path", "alive":true|false (the peer still sends), and
"media":"rtp_in,rtp_out,data_in,data_out": the kinds of media so far (RTCP is none of them), or "none".
From the media of an attempt without any "media" nothing is concluded. There is no event for a failure: an
attempt that never becomes active is one.

Example:
  candorctl judge incident.jsonl
  candorctl judge incident.jsonl --trusted 198.51.100.0/24 -o json

JSON: one {"type":"verdict",...} for every change of state or reason, then one {"type":"summary",...}.

Exit codes: 0 read whole; 1 bad arguments; 2 the trace cannot be read to its end (the error has line and
column; what was read before it counts).)";

Command::Run Declare(CLI::App& app) {
  const auto cmd = std::make_shared<JudgeArguments>();
  app.add_option("TRACE", cmd->trace, "trace of JSON lines; - is standard input")->required();
  app.add_option("--false-alarms-per-month", cmd->false_alarms_per_month, "accepted in 30 days, above 0")
      ->capture_default_str();
  app.add_option("--smallest-share", cmd->smallest_share,
                 "smallest share of failing attempts to detect, above 0 and below 1")
      ->capture_default_str();
  app.add_option("--trusted", cmd->flags.trusted, kTrustedHelp);
  app.add_option("--nat64", cmd->flags.nat64, kNat64Help);
  app.add_option("--role", cmd->flags.role, kRoleHelp);
  return [cmd](Session& session) {
    cmd->json = session.json();
    return RunJudge(*cmd, session.out, session.err);
  };
}

}  // namespace

Command JudgeCommand() { return {"judge", kSummary, kHelp, Declare}; }

}  // namespace candor::cli
