// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/cli/commands/admin_test.cc.
#include <CLI/CLI.hpp>

#include "cli/commands/admin.h"
#include "cli/commands/commands.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kReloadHelp =
    R"(Answers: did candord apply the new settings, and which of them need a restart? Reads the configuration file and
the TLS files again; a broken file changes nothing and is reported with its line. SIGHUP does the same.
Applied live: log_level, blind_policy, admin.longest_override, on_transition, the limits of web, the contents of
TLS files.

Example:    candorctl reload
JSON:       one candor.v1.ReloadResponse
Exit codes: 0 read, whether all is applied or not; 1 bad arguments; 2 cannot be reached, no admin socket or no
            permission; 3 the file is broken, or the call failed; 7 sent, not confirmed: candorctl
            transitions shows whether it was done)";

constexpr const char* kResetHelp =
    R"(Answers: how do I make candord discard the learned baseline of this node? Use it after the node got other
clients: the failure rate of the old ones is no baseline for the new.

Example:    candorctl reset-baseline
JSON:       one candor.v1.Verdict
Exit codes: 0 discarded; 1 bad arguments; 2 cannot be reached, no admin socket or no permission;
            3 refused, nothing is discarded: the state file cannot be written; 7 sent, not confirmed:
            candorctl transitions shows whether it was done)";

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
              << Rows("applied:         ", done->applied()) << Rows("NEEDS A RESTART: ", done->restart())
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
                                 : "baseline discarded; it is learned again\n");
  WarnIfNotPersisted(*done, session);
  return kExitOk;
}

}  // namespace

Command ReloadCommand() {
  return {"reload", "Makes candord read its settings again; lists those that need a restart.", kReloadHelp,
          [](CLI::App&) -> Command::Run { return RunReload; }};
}

Command ResetBaselineCommand() {
  return {"reset-baseline", "Makes candord discard the learned baseline of this node.", kResetHelp,
          [](CLI::App&) -> Command::Run { return RunReset; }};
}

}  // namespace candor::cli
