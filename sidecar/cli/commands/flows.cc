// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

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
    R"(Answers: which UDP 5-tuples are open at the node's sockets, and what passes on them?
The flow with the most recent packet first. CHECKS: answered/received ICE checks of the peer; MEDIA: packets.

ONE WAY: for so long the peer gets no media: it sends, and the node has sent none since; or the peer's
RTCP says that nothing of what the node sends arrives. --one-way lists only these.

Example:    candorctl flows --limit 20
            candorctl flows --one-way
            candorctl flows -o json | jq -r 'select(.media_out==0).peer'
JSON:       one candor.v1.Flow a line; 64-bit integers are strings
Exit codes: 0 candord answered, also with an empty list; 1 bad arguments; 2 cannot be reached;
            3 call failed)";

std::string Ago(bool has, const google::protobuf::Timestamp& t, WallTime now) {
  return has ? Age(now - FromProto(t)) : "never";
}

std::string RenderFlows(const pb::ListFlowsResponse& response, WallTime now, const Style& style) {
  Table table({{"ATTEMPT", true},
               {"AGE", true},
               {"PHASE"},
               {"WAITING ON"},
               {"CHECKS", true},
               {"MEDIA IN", true},
               {"MEDIA OUT", true},
               {"LAST IN", true},
               {"LAST OUT", true},
               {"ONE WAY", true},
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
               {f.has_one_way_since() ? Age(now - FromProto(f.one_way_since())) : "-"},
               {Printable(f.peer())},
               {Printable(f.local())},
               {Printable(f.ufrag())}});
  }
  return table.empty() ? "no flows\n" : table.Render(style);
}

int RunFlows(uint32_t limit, bool one_way, Session& session) {
  pb::ListFlowsRequest request;
  request.set_one_way(one_way);
  request.set_page_size(limit);
  request.set_server(session.server);
  const auto response = CallNode(session, &pb::NodeHealth::Stub::ListFlows, request);
  if (!response) return Report(session, response.error());
  if (session.json()) {
    for (const auto& flow : response->flows()) session.out << ToJson(flow) << "\n";
  } else {
    session.out << RenderFlows(*response, NodeNow(*response, session.now()), session.style);
  }
  WarnIfMore(response->more(), session);
  return kExitOk;
}

}  // namespace

Command FlowsCommand() {
  Command command = {"flows", "Which UDP 5-tuples are open, and what passes on them?", kHelp,
                     [](CLI::App& app) -> Command::Run {
                       const auto one_way = std::make_shared<bool>(false);
                       app.add_flag("--one-way", *one_way,
                                    "only flows whose peer gets no media: none is sent, or none arrives");
                       return [limit = AddLimit(app), one_way](Session& session) {
                         return RunFlows(*limit, *one_way, session);
                       };
                     }};
  command.by_server = true;
  return command;
}

}  // namespace candor::cli
