// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/client/client.h"
#include "cli/commands/commands.h"
#include "cli/render/enum_names.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    "Answers: what changed, when, why, and who ordered what? Newest first; the history outlives candord.\n"
    "\n"
    "Example:    candorctl transitions --limit 20\n"
    "            candorctl transitions -o json | jq -r 'select(.kind==\"OPERATOR\").by'\n"
    "JSON:       one candor.v1.Transition a line; 64-bit integers are strings\n"
    "Exit codes: 0 candord answered, be the list empty or not; 1 bad arguments; 2 cannot be reached;\n"
    "            3 call failed";

std::string Line(const pb::Transition& t, const Style& style) {
  const std::string at = Stamp(FromProto(t.at()));
  if (t.kind() == pb::Transition::OPERATOR) {
    return fmt::format("{}  {} by {}: {}\n", at, style.Paint(Hue::kBold, Printable(t.action())),
                       Printable(t.by()), Printable(t.detail()));
  }
  const std::string from = t.before() == t.state() ? std::string() : StateName(t.before()) + " -> ";
  std::string line = fmt::format("{}  {}{}  {}  node {}  {}", at, from,
                                 style.Paint(StateHue(t.state()), StateName(t.state())),
                                 style.Paint(ServingHue(t.serving()), ServingName(t.serving())),
                                 SelfReportName(t.self()), Printable(t.reason()));
  if (!t.detail().empty()) line += ": " + Printable(t.detail());
  return line + "\n";
}

int RunTransitions(uint32_t limit, Session& session) {
  auto client = Connect(session);
  if (!client) return Report(session, client.error());
  pb::ListTransitionsRequest request;
  request.set_page_size(limit);
  const auto response = client->Call(&pb::NodeHealth::Stub::ListTransitions, request);
  if (!response) return Report(session, response.error());
  for (const pb::Transition& t : response->transitions()) {
    session.out << (session.json() ? ToJson(t) + "\n" : Line(t, session.style));
  }
  if (!session.json() && response->transitions_size() == 0) session.out << "no transitions\n";
  if (!response->next_page_token().empty()) session.err << "there are more; raise --limit (at most 1000)\n";
  return kExitOk;
}

}  // namespace

Command TransitionsCommand() {
  return {"transitions", "What changed, when, why, and who ordered what?", kHelp,
          [](CLI::App& app) -> Command::Run {
            const auto limit = std::make_shared<uint32_t>(50);
            app.add_option("--limit", *limit, "at most so many, 1 to 1000")
                ->check(CLI::Range(1, 1000))
                ->capture_default_str();
            return [limit](Session& session) { return RunTransitions(*limit, session); };
          }};
}

}  // namespace candor::cli
