// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/cli/commands/servers_test.cc.
#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/commands/node_call.h"
#include "cli/render/enum_names.h"
#include "cli/render/json.h"
#include "cli/render/table.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers: which media servers does this node run, and which of them fails? A server is a cgroup (unit, container)
whose sockets have answered an attempt, or an entry of the setting servers. SHARE is its part of the node's
acknowledged attempts lately; DRIVES: its failure makes the node FAILING (else DEGRADED).

Example:    candorctl servers
            candorctl why --server janus.service
JSON:       one candor.v1.ServerSummary a line; 64-bit integers are strings
Exit codes: 0 candord answered, also with an empty list; 1 bad arguments; 2 cannot be reached;
            3 call failed)";

std::string RenderServers(const pb::Verdict& v, WallTime now, const Style& style) {
  Table table({{"SERVER"},
               {"STATE"},
               {"ANSWER"},
               {"FOR", true},
               {"SHARE", true},
               {"DRIVES"},
               {"ACTIVE", true},
               {"REASON"},
               {"CGROUP"}},
              0);
  for (const pb::ServerSummary& s : v.servers()) {
    table.Add({{Printable(s.name())},
               {StateName(s.state()), StateHue(s.state())},
               {ServingName(s.serving()), ServingHue(s.serving())},
               {s.has_since() ? Age(now - FromProto(s.since())) : "-"},
               {s.gone() ? "-" : Percent(s.share())},
               {s.drives() ? "yes" : "no"},
               {Thousands(s.funnel().active())},
               {Printable(s.reason())},
               {s.cgroup().empty() ? "-" : Printable(s.cgroup())}});
  }
  return table.empty() ? "no server is known by name: the verdict is that of the whole node\n"
                       : table.Render(style);
}

int RunServers(Session& session) {
  const auto verdict = CallNode(session, &pb::NodeHealth::Stub::GetVerdict, pb::GetVerdictRequest());
  if (!verdict) return Report(session, verdict.error());
  if (session.json()) {
    for (const auto& server : verdict->servers()) session.out << ToJson(server) << "\n";
  } else {
    session.out << RenderServers(*verdict, NodeNow(*verdict, session.now()), session.style);
  }
  return kExitOk;
}

}  // namespace

Command ServersCommand() {
  return {"servers", "Which media servers does this node run, and which of them fails?", kHelp,
          [](CLI::App&) -> Command::Run { return RunServers; }};
}

}  // namespace candor::cli
