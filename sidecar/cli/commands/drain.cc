// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/admin.h"
#include "cli/commands/commands.h"
#include "cli/render/override_text.h"

namespace candor::cli {
namespace {

constexpr const char* kDrainHelp =
    "Answers: how do I take this node out for maintenance? It says DRAINING and not serving everywhere, "
    "across\n"
    "restarts of candord, until `candorctl undrain`. Media that flows goes on flowing.\n"
    "Works through candord's admin socket, on the node itself, without TCP or TLS; who did it stands in\n"
    "`candorctl transitions`. Answered once the order is on disk.\n"
    "\n"
    "Example:    candorctl drain --reason 'kernel update'\n"
    "JSON:       one candor.v1.Verdict, as it is from now on\n"
    "Exit codes: 0 on disk, and every interface says so now; 1 bad arguments; 2 cannot be reached, no admin\n"
    "            socket or no right to it; 3 refused, not in force: the state file cannot be written;\n"
    "            7 sent, not confirmed: candorctl status shows whether it holds";

constexpr const char* kUndrainHelp =
    "Answers: how do I let a drained node serve again? What Candor itself knows counts from then on, and an\n"
    "override if one is set.\n"
    "\n"
    "Example:    candorctl undrain\n"
    "JSON:       one candor.v1.Verdict, as it is from now on\n"
    "Exit codes: 0 done, also when it was not drained; 1 bad arguments; 2 cannot be reached, no admin "
    "socket\n"
    "            or no right to it; 3 refused, not in force: the state file cannot be written; 7 sent, not\n"
    "            confirmed: candorctl status shows whether it holds";

int RunDrain(const std::string& reason, bool allow_unsaved, Session& session) {
  pb::DrainRequest request;
  request.set_reason(reason);
  request.set_allow_unsaved(allow_unsaved);
  return SendOverride({[&](Client& client) { return client.Call(&pb::Admin::Stub::Drain, request); },
                       [&](const pb::Verdict& v) { return v.has_drain() && v.drain().reason() == reason; }},
                      session);
}

int RunUndrain(bool allow_unsaved, Session& session) {
  pb::UndrainRequest request;
  request.set_allow_unsaved(allow_unsaved);
  return SendOverride({[&](Client& client) { return client.Call(&pb::Admin::Stub::Undrain, request); },
                       [](const pb::Verdict& v) { return !v.has_drain(); }},
                      session);
}

}  // namespace

Command DrainCommand() {
  return {"drain", "Takes this node out until undrain: for maintenance.", kDrainHelp,
          [](CLI::App& app) -> Command::Run {
            const auto reason = std::make_shared<std::string>();
            app.add_option("--reason", *reason, "why, for whoever reads it at night")->required();
            const auto allow_unsaved = AddEvenUnsaved(app);
            return [reason, allow_unsaved](Session& session) {
              return RunDrain(*reason, *allow_unsaved, session);
            };
          }};
}

Command UndrainCommand() {
  return {"undrain", "Lets a drained node serve again.", kUndrainHelp, [](CLI::App& app) -> Command::Run {
            const auto allow_unsaved = AddEvenUnsaved(app);
            return [allow_unsaved](Session& session) { return RunUndrain(*allow_unsaved, session); };
          }};
}

}  // namespace candor::cli
