// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/commands/admin.h"
#include "cli/commands/commands.h"
#include "cli/render/json.h"
#include "cli/render/override_text.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kReloadHelp =
    "Answers: did candord take my new settings, and which of them need a restart? Reads the file again, and "
    "the\n"
    "TLS files; a broken file changes nothing and is named with line and remediation. SIGHUP does the same.\n"
    "Live: log_level, blind_policy, admin.longest_override, on_transition, the contents of TLS files.\n"
    "\n"
    "Example:    candorctl reload\n"
    "JSON:       one candor.v1.ReloadResponse\n"
    "Exit codes: 0 read, all in force or not; 1 bad arguments; 2 cannot be reached, no admin socket or no "
    "right\n"
    "            to it; 3 the file is broken, or the call failed; 7 sent, not confirmed: candorctl "
    "transitions\n"
    "            shows whether it was done";

constexpr const char* kResetHelp =
    "Answers: how do I make candord forget what is usual on this node? After the node was given other "
    "clients,\n"
    "a share of failures that was usual with the old ones says nothing of the new.\n"
    "\n"
    "Example:    candorctl reset-baseline\n"
    "JSON:       one candor.v1.Verdict\n"
    "Exit codes: 0 forgotten; 1 bad arguments; 2 cannot be reached, no admin socket or no right to it;\n"
    "            3 refused, nothing is forgotten: the state file cannot be written; 7 sent, not confirmed:\n"
    "            candorctl transitions shows whether it was done";

template <class List>
std::string Rows(const char* title, const List& list) {
  std::string out;
  for (const std::string& text : list) out += std::string(title) + Printable(text) + "\n";
  return out;
}

int RunReload(Session& session) {
  auto client = ConnectAdmin(session);
  if (!client) return Report(session, client.error());
  const auto done = client->Call(&pb::Admin::Stub::Reload, pb::ReloadRequest());
  if (!done) return Report(session, MaybeReceived(done.error(), *client, "transitions"));
  if (session.json()) {
    session.out << ToJson(*done) << "\n";
    return kExitOk;
  }
  const std::string file = done->config_file().empty() ? "no file" : Printable(done->config_file());
  session.out << "read " << file << "\n"
              << Rows("in force now:    ", done->applied()) << Rows("NEEDS A RESTART: ", done->restart())
              << Rows("note:            ", done->notes());
  if (done->applied_size() + done->restart_size() == 0) session.out << "no setting has changed\n";
  return kExitOk;
}

int RunReset(Session& session) {
  auto client = ConnectAdmin(session);
  if (!client) return Report(session, client.error());
  const auto done = client->Call(&pb::Admin::Stub::ResetBaseline, pb::ResetBaselineRequest());
  if (!done) return Report(session, MaybeReceived(done.error(), *client, "transitions"));
  session.out << (session.json() ? ToJson(done->verdict()) + "\n"
                                 : "forgotten; what is usual on this node is learned anew\n");
  WarnIfNotDurable(*done, session);
  return kExitOk;
}

}  // namespace

Command ReloadCommand() {
  return {"reload", "Makes candord read its settings again, and says which need a restart.", kReloadHelp,
          [](CLI::App&) -> Command::Run { return RunReload; }};
}

Command ResetBaselineCommand() {
  return {"reset-baseline", "Makes candord forget what is usual on this node.", kResetHelp,
          [](CLI::App&) -> Command::Run { return RunReset; }};
}

}  // namespace candor::cli
