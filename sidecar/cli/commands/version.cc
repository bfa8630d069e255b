// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/commands/node_call.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers: which version is this candorctl, which candord answers at the address, and where else does it listen?

Example:    candorctl version
JSON:       {"candorctl":"...","address":"...","candord":"..."}; candord is empty when it cannot be
            reached
Exit codes: 0 always, whether candord answers or not; 1 bad arguments)";

void ShowListening(const char* what, const google::protobuf::RepeatedPtrField<std::string>& addresses,
                   Session& session) {
  if (addresses.empty()) return;
  session.out << "  " << what << " on";
  for (const std::string& address : addresses) session.out << " " << Printable(address);
  session.out << "\n";
}

int RunVersion(Session& session) {
  const Answer<pb::Info> info = CallNode(session, &pb::NodeHealth::Stub::GetInfo);
  if (session.json()) {
    session.out << JsonObject({{"candorctl", CANDOR_VERSION},
                               {"address", session.address},
                               {"candord", info ? info->version() : ""}})
                << "\n";
    return kExitOk;
  }
  session.out << "candorctl " << CANDOR_VERSION << "\n";
  if (info) {
    session.out << "candord " << Printable(info->version()) << " at " << Printable(session.address) << "\n";
    ShowListening("gRPC", info->listening(), session);
    ShowListening("HTTP", info->http_listening(), session);
    ShowListening("HAProxy agent", info->haproxy_agent_listening(), session);
    if (!info->admin_listening().empty()) {
      session.out << "  admin on " << Printable(info->admin_listening()) << "\n";
    }
  } else {
    session.out << "candord unknown: " << info.error().message << "\n";
  }
  return kExitOk;
}

}  // namespace

Command VersionCommand() {
  return {"version", "Which version is this candorctl, and which candord answers?", kHelp,
          [](CLI::App&) -> Command::Run { return RunVersion; }};
}

}  // namespace candor::cli
