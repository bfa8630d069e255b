// SPDX-License-Identifier: Apache-2.0
//
// Calls to candord's admin socket, which needs neither TCP nor TLS. The result always shows whether an
// override is in force, not in force or not confirmed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/node_call.h"

namespace candor::cli {

// The default paths of candord's admin socket. `user_run_folder`: XDG_RUNTIME_DIR, may be empty.
std::vector<std::string> DefaultAdminSockets(const std::string& user_run_folder);

// A connection to candor.v1.Admin of the session's candord: at the socket of --admin; else at a default path,
// where that candord is the one of --address, if one is given; else at the path that the candord at the
// address reports. Fails with kExitConnect when there is none, or the caller has no permission.
Answer<Client> ConnectAdmin(const Session& session);

struct OverrideCall {
  std::function<Answer<pb::AdminResponse>(Client&)> send;
  std::function<bool(const pb::Verdict&)> in_force;  // whether the verdict shows the override
};

// Sends the override and prints the verdict from then on. When no response comes, the verdict is read on new
// connections until it shows the override or the session's timeout ends: then kExitNotConfirmed.
int SendOverride(const OverrideCall& call, Session& session);

// For drain, undrain and override.
std::shared_ptr<bool> AddAllowUnsaved(CLI::App& app);

void WarnIfNotPersisted(const pb::AdminResponse& done, Session& session);

// `failure` of a call to `client`, as kExitNotConfirmed where candord may have received it. `look`: the
// command that shows whether it did, "transitions".
Failure MaybeReceived(const Failure& failure, const Client& client, const char* look);

}  // namespace candor::cli
