// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/client/client.h"
#include "cli/commands/commands.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    "Answers: which candorctl is this, which candord answers at the address, and where else does it answer?\n"
    "\n"
    "Example:    candorctl version\n"
    "JSON:       {\"candorctl\":\"...\",\"address\":\"...\",\"candord\":\"...\"}; candord is empty when it "
    "cannot be\n"
    "            reached\n"
    "Exit codes: 0 always, candord or not; 1 bad arguments";

Answer<pb::Info> AskInfo(const Session& session) {
  auto client = Connect(session);
  if (!client) return tl::make_unexpected(client.error());
  return client->Call(&pb::NodeHealth::Stub::GetInfo, pb::GetInfoRequest());
}

void ShowListening(const char* what, const google::protobuf::RepeatedPtrField<std::string>& addresses,
                   Session& session) {
  if (addresses.empty()) return;
  session.out << "  " << what << " on";
  for (const std::string& address : addresses) session.out << " " << Printable(address);
  session.out << "\n";
}

int RunVersion(Session& session) {
  const Answer<pb::Info> info = AskInfo(session);
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
    session.out << "candord not known: " << info.error().message << "\n";
  }
  return kExitOk;
}

}  // namespace

Command VersionCommand() {
  return {"version", "Which candorctl is this, and which candord answers?", kHelp,
          [](CLI::App&) -> Command::Run { return RunVersion; }};
}

}  // namespace candor::cli
