// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/utc_text.h"
#include "cli/commands/commands.h"
#include "cli/commands/flags.h"
#include "cli/commands/node_call.h"
#include "cli/render/enum_names.h"
#include "cli/render/explain.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers: what changed, when and why, and which operator did what? Newest first; kept across restarts of
candord.

Example:    candorctl transitions --limit 20
            candorctl transitions -o json | jq -r 'select(.kind=="OPERATOR").by'
JSON:       one candor.v1.Transition a line; 64-bit integers are strings
Exit codes: 0 candord answered, also with an empty list; 1 bad arguments; 2 cannot be reached;
            3 call failed)";

std::string TransitionLine(const pb::Transition& t, const Style& style) {
  const std::string at = FormatUtc(FromProto(t.at()));
  if (t.kind() == pb::Transition::OPERATOR) {
    return fmt::format("{}  {} by {}: {}\n", at, style.Paint(Hue::kBold, Printable(t.action())),
                       Printable(t.by()), Printable(t.detail()));
  }
  const std::string whose = t.server().empty() ? std::string() : "server " + Printable(t.server()) + "  ";
  const std::string from = t.before() == t.state() ? std::string() : StateName(t.before()) + " -> ";
  std::string line = fmt::format("{}  {}{}{}  {}  node {}  {}", at, whose, from,
                                 style.Paint(StateHue(t.state()), StateName(t.state())),
                                 style.Paint(ServingHue(t.serving()), ServingName(t.serving())),
                                 SelfReportName(t.self()), Printable(t.reason()));
  if (const std::string cause = CauseName(t.cause()); !cause.empty()) line += ", cause " + cause;
  if (!t.detail().empty()) line += ": " + Printable(t.detail());
  return line + "\n";
}

int RunTransitions(uint32_t limit, Session& session) {
  pb::ListTransitionsRequest request;
  request.set_page_size(limit);
  request.set_server(session.server);
  const auto response = CallNode(session, &pb::NodeHealth::Stub::ListTransitions, request);
  if (!response) return Report(session, response.error());
  for (const pb::Transition& t : response->transitions()) {
    session.out << (session.json() ? ToJson(t) + "\n" : TransitionLine(t, session.style));
  }
  if (!session.json() && response->transitions_size() == 0) session.out << "no transitions\n";
  WarnIfMore(!response->next_page_token().empty(), session);
  return kExitOk;
}

}  // namespace

Command TransitionsCommand() {
  Command command = {"transitions", "What changed, when and why, and which operator did what?", kHelp,
                     [](CLI::App& app) -> Command::Run {
                       return [limit = AddLimit(app)](Session& session) {
                         return RunTransitions(*limit, session);
                       };
                     }};
  command.by_server = true;
  return command;
}

}  // namespace candor::cli
