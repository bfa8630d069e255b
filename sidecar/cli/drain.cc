// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/orders.h"

namespace candor::cli {
namespace {

constexpr const char* kDrainTeaching =
    "Answers: how do I take this node out for maintenance? It says DRAINING and not serving everywhere, "
    "across\n"
    "restarts of candord, until `candorctl undrain`. Media that flows goes on flowing.\n"
    "Works through candord's admin socket, on the node itself; who did it stands in `candorctl "
    "transitions`.\n"
    "\n"
    "Example:    candorctl drain --reason 'kernel update'\n"
    "JSON:       one candor.v1.Verdict, as it is from now on\n"
    "Exit codes: 0 every interface says so now; 1 bad arguments; 2 cannot be reached, no admin socket or no\n"
    "            right to it; 3 call failed";

constexpr const char* kUndrainTeaching =
    "Answers: how do I let a drained node serve again? What Candor itself knows counts from then on, and an\n"
    "override if one is set.\n"
    "\n"
    "Example:    candorctl undrain\n"
    "JSON:       one candor.v1.Verdict, as it is from now on\n"
    "Exit codes: 0 done, also when it was not drained; 1 bad arguments; 2 cannot be reached, no admin "
    "socket\n"
    "            or no right to it; 3 call failed";

int Show(const Answer<pb::AdminResponse>& done, Session& session) {
  if (!done) return Report(session, done.error());
  session.out << (session.json() ? ToJson(done->verdict()) + "\n"
                                 : RenderOrdered(done->verdict(), session.now(), session.style));
  return kExitOk;
}

int RunDrain(const std::string& reason, Session& session) {
  auto client = ConnectAdmin(session);
  if (!client) return Report(session, client.error());
  pb::DrainRequest request;
  request.set_reason(reason);
  return Show(client->Ask(&pb::Admin::Stub::Drain, request), session);
}

int RunUndrain(Session& session) {
  auto client = ConnectAdmin(session);
  if (!client) return Report(session, client.error());
  return Show(client->Ask(&pb::Admin::Stub::Undrain, pb::UndrainRequest()), session);
}

}  // namespace

Command DrainCommand() {
  return {"drain", "Takes this node out until undrain: for maintenance.", kDrainTeaching,
          [](CLI::App& app) -> Command::Run {
            const auto reason = std::make_shared<std::string>();
            app.add_option("--reason", *reason, "why, for whoever reads it at night")->required();
            return [reason](Session& session) { return RunDrain(*reason, session); };
          }};
}

Command UndrainCommand() {
  return {"undrain", "Lets a drained node serve again.", kUndrainTeaching,
          [](CLI::App&) -> Command::Run { return RunUndrain; }};
}

}  // namespace candor::cli
