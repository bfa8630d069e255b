// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/cli/commands/admin_test.cc.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/admin.h"
#include "cli/commands/commands.h"

namespace candor::cli {
namespace {

constexpr const char* kDrainHelp =
    R"(Answers: how do I take this node out of service for maintenance? It becomes DRAINING and not serving on every
interface, across restarts of candord, until `candorctl undrain`. Established media continue.
Uses candord's admin socket, on the node itself, without TCP or TLS; `candorctl transitions` shows who did it.
Confirmed once the drain is on disk.

Example:    candorctl drain --reason 'kernel update'
JSON:       one candor.v1.Verdict, as it is from now on
Exit codes: 0 on disk and in force on every interface; 1 bad arguments; 2 cannot be reached, no admin
            socket or no permission; 3 refused, not in force: the state file cannot be written;
            7 sent, not confirmed: candorctl status shows whether it is in force)";

constexpr const char* kUndrainHelp =
    R"(Answers: how do I put a drained node back into service? From then on Candor's verdict counts, or a state
override if one is set.

Example:    candorctl undrain
JSON:       one candor.v1.Verdict, as it is from now on
Exit codes: 0 done, also when it was not drained; 1 bad arguments; 2 cannot be reached, no admin socket
            or no permission; 3 refused, not in force: the state file cannot be written; 7 sent, not
            confirmed: candorctl status shows whether it is in force)";

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
  return {"drain", "Takes this node out of service until undrain, for maintenance.", kDrainHelp,
          [](CLI::App& app) -> Command::Run {
            const auto reason = std::make_shared<std::string>();
            app.add_option("--reason", *reason, "why, shown with the drain")->required();
            const auto allow_unsaved = AddAllowUnsaved(app);
            return [reason, allow_unsaved](Session& session) {
              return RunDrain(*reason, *allow_unsaved, session);
            };
          }};
}

Command UndrainCommand() {
  return {"undrain", "Puts a drained node back into service.", kUndrainHelp,
          [](CLI::App& app) -> Command::Run {
            const auto allow_unsaved = AddAllowUnsaved(app);
            return [allow_unsaved](Session& session) { return RunUndrain(*allow_unsaved, session); };
          }};
}

}  // namespace candor::cli
