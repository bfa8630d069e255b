// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/client/client.h"
#include "cli/commands/commands.h"
#include "cli/render/enum_names.h"
#include "cli/render/json.h"
#include "cli/render/table.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    "Answers: which UDP 5-tuples are open at the node's sockets, and what passes on them?\n"
    "Most recently heard first. CHECKS are answered of asked (ICE checks from the peer); MEDIA are packets.\n"
    "\n"
    "Example:    candorctl flows --limit 20\n"
    "            candorctl flows -o json | jq -r 'select(.media_out==0).peer'\n"
    "JSON:       one candor.v1.Flow a line; 64-bit integers are strings\n"
    "Exit codes: 0 candord answered, be the list empty or not; 1 bad arguments; 2 cannot be reached;\n"
    "            3 call failed";

struct Flags {
  uint32_t limit = 50;
};

std::string Ago(bool has, const google::protobuf::Timestamp& t, WallTime now) {
  return has ? Age(now - FromProto(t)) : "never";
}

std::string RenderFlows(const pb::ListFlowsResponse& response, WallTime now, const Style& style) {
  Table table({{"ATTEMPT", true},
               {"AGE", true},
               {"PHASE"},
               {"OWED"},
               {"CHECKS", true},
               {"MEDIA IN", true},
               {"MEDIA OUT", true},
               {"LAST IN", true},
               {"LAST OUT", true},
               {"PEER"},
               {"LOCAL"},
               {"UFRAG"}},
              0);
  for (const pb::Flow& f : response.flows()) {
    table.Add({{std::to_string(f.attempt_id())},
               {f.has_first() ? Age(now - FromProto(f.first())) : "?"},
               {PhaseName(f.phase())},
               {WaitingOnName(f.waiting_on()), WaitingOnHue(f.waiting_on())},
               {fmt::format("{}/{}", f.checks_answered(), f.checks_in())},
               {Thousands(f.media_in())},
               {Thousands(f.media_out())},
               {Ago(f.has_last_in(), f.last_in(), now)},
               {Ago(f.has_last_out(), f.last_out(), now)},
               {Printable(f.peer())},
               {Printable(f.local())},
               {Printable(f.ufrag())}});
  }
  return table.empty() ? "no flows\n" : table.Render(style);
}

int RunFlows(const Flags& flags, Session& session) {
  auto client = Connect(session);
  if (!client) return Report(session, client.error());
  pb::ListFlowsRequest request;
  request.set_page_size(flags.limit);
  const auto response = client->Call(&pb::NodeHealth::Stub::ListFlows, request);
  if (!response) return Report(session, response.error());
  if (session.json()) {
    for (const auto& flow : response->flows()) session.out << ToJson(flow) << "\n";
  } else {
    session.out << RenderFlows(*response, NodeNow(*response, session.now()), session.style);
  }
  if (response->more()) session.err << "there are more; raise --limit (at most 1000)\n";
  return kExitOk;
}

Command::Run Declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_option("--limit", flags->limit, "at most so many, 1 to 1000")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  return [flags](Session& session) { return RunFlows(*flags, session); };
}

}  // namespace

Command FlowsCommand() {
  return {"flows", "Which UDP 5-tuples are open, and what passes on them?", kHelp, Declare};
}

}  // namespace candor::cli
