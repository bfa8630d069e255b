// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/commands/flags.h"
#include "cli/commands/node_call.h"
#include "cli/render/enum_names.h"
#include "cli/render/json.h"
#include "cli/render/table.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers: which connections were attempted recently, how far did each come, and which side is waited on?
Newest first. ACTIVE AFTER is the set-up time; NOTES has other observations.

Example:    candorctl attempts --outcome stalled,early_drop --waiting-on node --limit 20
            candorctl attempts -o json | jq -r 'select(.waiting_on=="WAITING_ON_NODE").peer'
JSON:       one candor.v1.Attempt a line; 64-bit integers are strings
Exit codes: 0 candord answered, also with an empty list; 1 bad arguments; 2 cannot be reached;
            3 call failed)";

struct Flags {
  std::vector<std::string> outcomes;
  std::vector<std::string> waiting_on;
  std::shared_ptr<uint32_t> limit;
};

pb::ListAttemptsRequest RequestOf(const Flags& flags) {
  pb::ListAttemptsRequest request;
  request.set_page_size(*flags.limit);
  for (const auto& word : flags.outcomes) request.add_outcome(ParseOutcome(word).value());
  for (const auto& word : flags.waiting_on) request.add_waiting_on(ParseWaitingOn(word).value());
  return request;
}

std::string Notes(const pb::Attempt& a, bool with_server) {
  std::string notes;
  const auto add = [&notes](const std::string& note) { notes += (notes.empty() ? "" : ", ") + note; };
  if (!a.acknowledged()) add("unacknowledged");
  if (a.peer_alive() && a.outcome() != pb::BECAME_ACTIVE) add("peer alive");
  if (a.flows() > 1) add(Counted(a.flows(), "flow"));
  if (a.repeats() > 0) add(Counted(a.repeats(), "repeat"));
  if (a.stun_error() > 0) add(fmt::format("STUN error {}", a.stun_error()));
  if (!a.lost_reason().empty()) add("dropped here: " + Printable(a.lost_reason()));
  if (a.alert() > 0) add(fmt::format("DTLS alert {}", a.alert()));
  if (with_server && !a.server().empty()) add(Printable(a.server()));
  return notes;
}

std::string ActiveAfter(const pb::Attempt& a) {
  if (!a.has_active() || !a.has_first()) return "-";
  return Brief(FromProto(a.active()) - FromProto(a.first()));
}

std::string RenderAttempts(const pb::ListAttemptsResponse& response, WallTime now, const Style& style) {
  Table table({{"ID", true},
               {"AGE", true},
               {"OUTCOME"},
               {"PHASE"},
               {"WAITING ON"},
               {"ACTIVE AFTER", true},
               {"PEER"},
               {"LOCAL"},
               {"KEY"},
               {"NOTES"}},
              0);
  const bool several =
      std::any_of(response.attempts().begin(), response.attempts().end(),
                  [&](const pb::Attempt& a) { return a.server() != response.attempts(0).server(); });
  for (const pb::Attempt& a : response.attempts()) {
    table.Add({{std::to_string(a.id())},
               {a.has_first() ? Age(now - FromProto(a.first())) : "?"},
               {OutcomeName(a.outcome()), OutcomeHue(a.outcome())},
               {PhaseName(a.phase())},
               {WaitingOnName(a.waiting_on()), WaitingOnHue(a.waiting_on())},
               {ActiveAfter(a)},
               {Printable(a.peer())},
               {Printable(a.local())},
               {Printable(a.key())},
               {Notes(a, several)}});
  }
  return table.empty() ? "no attempts\n" : table.Render(style);
}

int RunAttempts(const Flags& flags, Session& session) {
  pb::ListAttemptsRequest request = RequestOf(flags);
  request.set_server(session.server);
  const auto response = CallNode(session, &pb::NodeHealth::Stub::ListAttempts, request);
  if (!response) return Report(session, response.error());
  if (session.json()) {
    for (const auto& attempt : response->attempts()) session.out << ToJson(attempt) << "\n";
  } else {
    session.out << RenderAttempts(*response, NodeNow(*response, session.now()), session.style);
  }
  WarnIfMore(response->more(), session);
  return kExitOk;
}

Command::Run Declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_option("--outcome", flags->outcomes, "only these outcomes, separated by commas")
      ->delimiter(',')
      ->check(CLI::IsMember(OutcomeWords(), CLI::ignore_case));
  app.add_option("--waiting-on", flags->waiting_on, "only where this side is waited on, separated by commas")
      ->delimiter(',')
      ->check(CLI::IsMember(WaitingOnWords(), CLI::ignore_case));
  flags->limit = AddLimit(app);
  return [flags](Session& session) { return RunAttempts(*flags, session); };
}

}  // namespace

Command AttemptsCommand() {
  Command command = {"attempts", "Which connections were attempted recently, and how far did each come?",
                     kHelp, Declare};
  command.by_server = true;
  return command;
}

}  // namespace candor::cli
