// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/admin.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <thread>

#include "base/run_folder.h"
#include "cli/client/connect_failure.h"
#include "cli/render/json.h"
#include "cli/render/override_text.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kRetryInterval{100};

Answer<pb::Info> InfoOf(Client& client) {
  return client.Call(&pb::NodeHealth::Stub::GetInfo, pb::GetInfoRequest());
}

bool ListensOn(const pb::Info& info, const std::string& address) {
  return std::any_of(info.listening().begin(), info.listening().end(),
                     [&](const std::string& one) { return ReachesListener(address, one); });
}

// Whether two answers are of one process: the same listeners, started at the same nanosecond.
bool SameProcess(const pb::Info& a, const pb::Info& b) {
  return std::equal(a.listening().begin(), a.listening().end(), b.listening().begin(), b.listening().end()) &&
         a.started_at().seconds() == b.started_at().seconds() &&
         a.started_at().nanos() == b.started_at().nanos();
}

// At the default paths. `passed`: why each path was not used, as text.
std::optional<Client> AtDefaultPath(const Session& session, std::string* passed) {
  for (const std::string& path : session.environment.admin_sockets) {
    const std::string at = "unix:" + path;
    const auto pass = [&](const std::string& why) {
      *passed += fmt::format("; not at {}: {}", Printable(path), why);
    };
    auto client = Client::Connect(at, session.timeout);
    if (!client) {
      pass(client.error().reason);
      continue;
    }
    if (!session.address_given) return std::move(*client);
    const auto info = InfoOf(*client);
    if (info && ListensOn(*info, session.address)) return std::move(*client);
    pass(info ? "the candord there does not listen on " + Printable(session.address) +
                    "; to use it, give --admin " + Printable(path)
              : info.error().message);
  }
  return std::nullopt;
}

// At the path that the candord at the address reports.
Answer<Client> FromNodeInfo(const Session& session, const std::string& passed) {
  const auto fail = [&](std::string text) {
    return tl::make_unexpected(Failure{kExitConnect, std::move(text) + passed});
  };
  auto client = Connect(session);
  if (!client) return fail(client.error().message);
  const auto info = InfoOf(*client);
  if (!info) return tl::make_unexpected(info.error());
  const std::string where = info->admin_listening();
  if (!IsAddress(where)) {
    return fail(fmt::format(
        "the candord at {} has no admin socket; set its setting admin.socket, its log has the reason",
        Printable(session.address)));
  }
  auto admin = Client::Connect(where, session.timeout);
  if (!admin) {
    return fail(
        fmt::format("cannot use the admin socket {}: run this on the node itself, as root or in the group "
                    "of that file ({})",
                    Printable(where), admin.error().message));
  }
  const auto same = InfoOf(*admin);
  if (!same) return tl::make_unexpected(same.error());
  if (!SameProcess(*info, *same)) {
    return fail(fmt::format("the candord at {} is not the one at {} on this machine: run this on its node",
                            Printable(session.address), Printable(where)));
  }
  return admin;
}

// The verdict on a new connection, once it shows the override; else why that is not known.
Answer<pb::Verdict> ReadBack(const OverrideCall& call, const std::string& at, const Session& session) {
  const auto end = std::chrono::steady_clock::now() + session.timeout;
  Failure last{kExitNotConfirmed, "it is not shown so far"};
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= milliseconds(0)) return tl::make_unexpected(last);
    auto client = Client::Connect(at, left);
    auto verdict = client ? client->Call(&pb::NodeHealth::Stub::GetVerdict, pb::GetVerdictRequest())
                          : Answer<pb::Verdict>(tl::make_unexpected(client.error()));
    if (verdict && call.in_force(*verdict)) return verdict;
    last.message = verdict ? "it is not shown so far" : verdict.error().message;
    std::this_thread::sleep_for(std::min(kRetryInterval, left));
  }
}

void Show(const pb::Verdict& verdict, Session& session) {
  session.out << (session.json()
                      ? ToJson(verdict) + "\n"
                      : RenderAfterOverride(verdict, NodeNow(verdict, session.now()), session.style));
}

}  // namespace

std::vector<std::string> DefaultAdminSockets(const std::string& user_run_folder) {
  std::vector<std::string> paths = {std::string(kRunFolder) + "/" + kAdminSocketFile};
  if (!user_run_folder.empty()) paths.push_back(user_run_folder + "/candor/" + kAdminSocketFile);
  return paths;
}

Answer<Client> ConnectAdmin(const Session& session) {
  if (!session.admin.empty()) return Client::Connect(session.admin, session.timeout);
  std::string passed;
  if (auto client = AtDefaultPath(session, &passed)) return std::move(*client);
  return FromNodeInfo(session, passed);
}

std::shared_ptr<bool> AddAllowUnsaved(CLI::App& app) {
  auto flag = std::make_shared<bool>(false);
  app.add_flag("--allow-unsaved", *flag,
               "in force even if the state file cannot be written: until candord ends");
  return flag;
}

void WarnIfNotPersisted(const pb::AdminResponse& done, Session& session) {
  if (done.not_persisted_reason().empty()) return;
  session.err << "warning: not on disk, in force until candord ends: "
              << Printable(done.not_persisted_reason()) << "\n";
}

Failure MaybeReceived(const Failure& failure, const Client& client, const char* look) {
  if (!failure.maybe_received) return failure;
  return {kExitNotConfirmed,
          fmt::format("sent, not confirmed: {}; to see whether it was done: candorctl {} --address {}",
                      failure.message, look, client.address())};
}

int SendOverride(const OverrideCall& call, Session& session) {
  auto client = ConnectAdmin(session);
  if (!client) return Report(session, client.error());
  const auto done = call.send(*client);
  if (done) {
    Show(done->verdict(), session);
    WarnIfNotPersisted(*done, session);
    return kExitOk;
  }
  if (!done.error().maybe_received) return Report(session, done.error());
  const auto shown = ReadBack(call, client->address(), session);
  if (!shown) {
    Failure unconfirmed = MaybeReceived(done.error(), *client, "status");
    unconfirmed.message += "; the verdict was read again: " + shown.error().message;
    return Report(session, unconfirmed);
  }
  session.err << "candorctl: " << done.error().message
              << "; the override IS IN FORCE: the verdict was read again\n";
  Show(*shown, session);
  return kExitOk;
}

}  // namespace candor::cli
