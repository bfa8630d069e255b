// SPDX-License-Identifier: Apache-2.0
#include "serve/admin_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "serve/wire.h"
#include "serve/wire_history.h"

namespace candor {
namespace {

constexpr size_t kLongestReason = 200;

grpc::Status Invalid(std::string what) { return {grpc::StatusCode::INVALID_ARGUMENT, std::move(what)}; }

// A reason ends up in logs and on terminals.
grpc::Status CheckReason(const std::string& reason) {
  if (reason.empty()) return Invalid("reason is empty; expected why, for whoever reads it at night");
  if (reason.size() > kLongestReason) {
    return Invalid(fmt::format("reason has {} bytes; expected at most {}", reason.size(), kLongestReason));
  }
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(reason.begin(), reason.end(), control)) return Invalid("reason holds control characters");
  return grpc::Status::OK;
}

grpc::Status CheckLimit(const v1::SetOverrideRequest& request, Duration longest) {
  const auto& d = request.limit();
  const bool sane = d.seconds() >= 1 && d.nanos() >= 0;
  if (request.has_limit() && sane && d.seconds() <= longest / std::chrono::seconds(1))
    return grpc::Status::OK;
  return Invalid(fmt::format("limit is {}; expected 1 s to {} s (the setting admin.longest_override)",
                             request.has_limit() ? fmt::format("{} s", d.seconds()) : "missing",
                             longest / std::chrono::seconds(1)));
}

std::string Joined(const std::vector<std::string>& all) { return fmt::format("{}", fmt::join(all, "; ")); }

grpc::ServerUnaryReactor* Reply(grpc::CallbackServerContext* context, const grpc::Status& status) {
  auto* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

}  // namespace

AdminService::AdminService(ServeParts parts, DaemonHooks hooks, Duration longest_override, Who who,
                           History::Clock now)
    : parts_(parts),
      hooks_(std::move(hooks)),
      who_(std::move(who)),
      now_(std::move(now)),
      longest_override_(longest_override) {}

void AdminService::SetLongestOverride(Duration d) {
  const std::lock_guard lock(mutex_);
  longest_override_ = d;
}

void AdminService::Note(const char* action, const std::string& by, std::string detail) {
  const Transition noted = parts_.history.Note(action, by, std::move(detail), *parts_.board.Read());
  if (hooks_.noted) hooks_.noted(noted);
}

grpc::Status AdminService::Override(const v1::SetOverrideRequest& request, const std::string& by) {
  const auto state = StateFromWire(request.state());
  if (!state || !MayForce(*state)) {
    return Invalid(
        fmt::format("state is {}; expected HEALTHY, DEGRADED or PROBATION to serve, FAILING not to",
                    v1::State_Name(request.state())));
  }
  if (const auto ok = CheckReason(request.reason()); !ok.ok()) return ok;
  if (const auto ok = CheckLimit(request, longest_override_); !ok.ok()) return ok;
  const WallTime now = now_();
  const Forced forced{*state, request.reason(), by, now,
                      now + std::chrono::seconds(request.limit().seconds())};
  Note("override", by, fmt::format("{} until {}: {}", Name(*state), UtcText(forced.until), forced.reason));
  parts_.board.Intervene([&](Interventions& all) { all.forced = forced; });
  return grpc::Status::OK;
}

grpc::ServerUnaryReactor* AdminService::SetOverride(grpc::CallbackServerContext* context,
                                                    const v1::SetOverrideRequest* request,
                                                    v1::AdminResponse* response) {
  const std::lock_guard lock(mutex_);
  const grpc::Status status = Override(*request, who_(context->peer()));
  if (status.ok()) *response->mutable_verdict() = VerdictToWire(*parts_.board.Read());
  return Reply(context, status);
}

grpc::ServerUnaryReactor* AdminService::ClearOverride(grpc::CallbackServerContext* context,
                                                      const v1::ClearOverrideRequest*,
                                                      v1::AdminResponse* response) {
  const std::lock_guard lock(mutex_);
  const auto before = parts_.board.Read()->interventions.forced;
  Note("clear_override", who_(context->peer()), before ? "of " + before->by : "there was none");
  parts_.board.Intervene([](Interventions& all) { all.forced.reset(); });
  *response->mutable_verdict() = VerdictToWire(*parts_.board.Read());
  return Reply(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* AdminService::Drain(grpc::CallbackServerContext* context,
                                              const v1::DrainRequest* request, v1::AdminResponse* response) {
  if (const auto ok = CheckReason(request->reason()); !ok.ok()) return Reply(context, ok);
  const std::lock_guard lock(mutex_);
  const std::string by = who_(context->peer());
  Note("drain", by, request->reason());
  parts_.board.Intervene([&](Interventions& all) { all.drain = Drained{request->reason(), by, now_()}; });
  *response->mutable_verdict() = VerdictToWire(*parts_.board.Read());
  return Reply(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* AdminService::Undrain(grpc::CallbackServerContext* context,
                                                const v1::UndrainRequest*, v1::AdminResponse* response) {
  const std::lock_guard lock(mutex_);
  const auto before = parts_.board.Read()->interventions.drain;
  Note("undrain", who_(context->peer()), before ? "of " + before->by : "it was not drained");
  parts_.board.Intervene([](Interventions& all) { all.drain.reset(); });
  *response->mutable_verdict() = VerdictToWire(*parts_.board.Read());
  return Reply(context, grpc::Status::OK);
}

grpc::Status AdminService::Reload(const std::string& by, v1::ReloadResponse* response) {
  if (!hooks_.reload) return {grpc::StatusCode::UNIMPLEMENTED, "this daemon has nothing to reload"};
  const auto outcome = hooks_.reload();
  if (!outcome) {
    const std::string errors = Joined(outcome.error());
    Note("reload", by, "refused, nothing has changed: " + errors);
    return Invalid(errors);
  }
  Note("reload", by,
       fmt::format("applied: {}; needs a restart: {}",
                   outcome->applied.empty() ? "nothing" : Joined(outcome->applied),
                   outcome->restart.empty() ? "nothing" : Joined(outcome->restart)));
  response->set_config_file(outcome->config_file);
  for (const std::string& s : outcome->applied) response->add_applied(s);
  for (const std::string& s : outcome->restart) response->add_restart(s);
  for (const std::string& s : outcome->notes) response->add_notes(s);
  return grpc::Status::OK;
}

grpc::ServerUnaryReactor* AdminService::Reload(grpc::CallbackServerContext* context, const v1::ReloadRequest*,
                                               v1::ReloadResponse* response) {
  const std::string by =
      who_(context->peer());  // its lock is not held: a reload may set the longest override
  return Reply(context, Reload(by, response));
}

grpc::ServerUnaryReactor* AdminService::ResetBaseline(grpc::CallbackServerContext* context,
                                                      const v1::ResetBaselineRequest*,
                                                      v1::AdminResponse* response) {
  const std::lock_guard lock(mutex_);
  Note("reset_baseline", who_(context->peer()), "what is usual on this node is learned anew");
  const auto done =
      hooks_.reset_baseline ? hooks_.reset_baseline() : Result<void>(Fail("nothing is learned"));
  if (!done) {
    return Reply(context, {grpc::StatusCode::UNAVAILABLE, done.error().message});
  }
  *response->mutable_verdict() = VerdictToWire(*parts_.board.Read());
  return Reply(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* AdminService::DumpState(grpc::CallbackServerContext* context,
                                                  const v1::DumpStateRequest*, v1::SavedState* response) {
  const std::lock_guard lock(mutex_);
  Note("dump_state", who_(context->peer()), "");
  if (hooks_.state) *response = ToWire(hooks_.state());
  return Reply(context, grpc::Status::OK);
}

}  // namespace candor
