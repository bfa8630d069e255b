// SPDX-License-Identifier: Apache-2.0
//
// How candorctl gives orders: the way to the admin socket, which needs neither TCP nor TLS, and an answer
// that never leaves open whether the order holds.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/client/client.h"

namespace candor::cli {

// Where a candord of this machine puts its admin socket by itself. `user_run_folder`: XDG_RUNTIME_DIR, may be
// empty.
std::vector<std::string> DefaultAdminSockets(const std::string& user_run_folder);

// A connection to candor.v1.Admin of the candord that the session means: at the socket that --admin names;
// else at a default place of this machine, where that candord is the one of --address, if one is given; else
// where the candord at the address says. Fails with kExitConnect when there is none or the caller may not use
// it.
Answer<Client> ConnectAdmin(const Session& session);

struct OverrideCall {
  std::function<Answer<pb::AdminResponse>(Client&)> give;
  std::function<bool(const pb::Verdict&)> holds;  // whether candord, so answering, has taken it
};

// Gives the order and shows what is so from then on. When the answer does not come, candord is asked on a new
// connection, for as long as a call may last, whether the order holds: kExitNotConfirmed when that cannot be
// told.
int SendOverride(const OverrideCall& order, Session& session);

// For drain, undrain and override.
std::shared_ptr<bool> AddEvenUnsaved(CLI::App& app);

void WarnIfNotDurable(const pb::AdminResponse& done, Session& session);

// `failure` of a call to `client`, with what to do about it: kExitNotConfirmed where it may have been heard.
// `look`: the command that shows whether it was, "transitions".
Failure MaybeReceived(const Failure& failure, const Client& client, const char* look);

}  // namespace candor::cli
