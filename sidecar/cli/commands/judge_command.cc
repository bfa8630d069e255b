// SPDX-License-Identifier: Apache-2.0
//
// The flags of `candorctl judge`.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/offline/judge.h"

namespace candor::cli {
namespace {

constexpr auto kSummary = "Answers: what would Candor's judge have said of these attempts?";

constexpr auto kHelp = R"(Runs the judge alone over a trace: JSON lines sorted by t (seconds), one event each:
  {"t":12.3,"e":"attempt","id":7,"ip":"203.0.113.9"}   first packet of an attempt
  {"t":12.4,"e":"ack","id":7}                          the node acknowledged it
  {"t":12.6,"e":"active","id":7}                       media both ways
  {"t":12.7,"e":"media","id":7,"media":"rtp_out"}      a kind of media came that had not come before
  {"t":20.1,"e":"dead","id":7}                         active, then the node fell silent
  {"t":31.0,"e":"close","id":7}                        ended cleanly
Optional on any line: "waiting_on":"node|peer|path", "alive":true|false (the peer still sends), and
"media":"rtp_in,rtp_out,data_in,data_out": what has come so far (some of these, RTCP is none of them), or
"none". Of an attempt without any "media" nothing is concluded from what it carries. There is no event for
a failure: a failure is what never becomes active.

Example:
  candorctl judge incident.jsonl
  candorctl judge incident.jsonl --trusted 198.51.100.0/24 -o json

JSON: one {"type":"verdict",...} for every change of state or reason, last one {"type":"summary",...}.

Exit codes: 0 read whole; 1 bad arguments; 2 the trace cannot be read to its end (line and column are
named; what was read before still counts).)";

Command::Run Declare(CLI::App& app) {
  const auto cmd = std::make_shared<JudgeArguments>();
  app.add_option("TRACE", cmd->trace, "trace of JSON lines; - is standard input")->required();
  app.add_option("--false-alarms-per-month", cmd->false_alarms_per_month, "accepted in 30 days, above 0")
      ->capture_default_str();
  app.add_option("--smallest-share", cmd->smallest_share,
                 "smallest share of failing attempts worth catching, above 0 and below 1")
      ->capture_default_str();
  app.add_option("--trusted", cmd->trusted,
                 "networks where each attempt counts as a witness of its own: ADDR|CIDR,...");
  return [cmd](Session& session) {
    cmd->json = session.json();
    return RunJudge(*cmd, session.out, session.err);
  };
}

}  // namespace

Command TraceJudgeCommand() { return {"judge", kSummary, kHelp, Declare}; }

}  // namespace candor::cli
