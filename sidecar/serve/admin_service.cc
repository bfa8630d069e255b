// SPDX-License-Identifier: Apache-2.0
#include "serve/admin_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/utc_text.h"
#include "serve/reply.h"
#include "serve/to_proto.h"
#include "serve/to_proto_history.h"

namespace candor {
namespace {

constexpr size_t kMaxReasonBytes = 200;

// A reason is printed in logs and on terminals.
grpc::Status CheckReason(const std::string& reason) {
  if (reason.empty()) return Invalid("reason is empty; expected a text for the people on call");
  if (reason.size() > kMaxReasonBytes) {
    return Invalid(fmt::format("reason has {} bytes; expected at most {}", reason.size(), kMaxReasonBytes));
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

// Not UNAVAILABLE, which a client also gets when candord is not reachable.
grpc::Status NotPersisted(const std::string& why) { return {grpc::StatusCode::FAILED_PRECONDITION, why}; }

std::string Joined(const std::vector<std::string>& all) { return fmt::format("{}", fmt::join(all, "; ")); }

}  // namespace

AdminService::AdminService(ServeParts parts, DaemonHooks hooks, Duration longest_override,
                           CallerNamer caller_name)
    : parts_(std::move(parts)),
      hooks_(std::move(hooks)),
      caller_name_(std::move(caller_name)),
      longest_override_(longest_override) {}

void AdminService::SetLongestOverride(Duration d) {
  const std::lock_guard lock(mutex_);
  longest_override_ = d;
}

void AdminService::RecordAction(const char* action, const std::string& by, std::string detail) {
  const Transition action_taken =
      parts_.history.RecordAction(action, by, std::move(detail), *parts_.snapshots.Read());
  if (hooks_.on_operator_action) hooks_.on_operator_action(action_taken);
}

void AdminService::FillVerdict(v1::AdminResponse* response) const {
  const SnapshotPtr now = parts_.snapshots.Read();
  *response->mutable_verdict() = VerdictToProto(*now);
  *response->mutable_verdict()->mutable_now() = WallTimestamp(*now, parts_.clocks.source());
}

grpc::Status AdminService::Apply(const char* action, const std::string& by, const std::string& detail,
                                 const OverrideChange& change, bool allow_unsaved,
                                 v1::AdminResponse* response) {
  RecordAction(action, by, detail);
  Result<std::string> applied = std::string("this daemon keeps no state");
  if (hooks_.apply_override) {
    applied = hooks_.apply_override(change, allow_unsaved);
  } else {
    parts_.snapshots.ApplyOverrides(change);
  }
  if (!applied) {
    RecordAction(action, by, "refused, not in force: " + applied.error().message);
    return NotPersisted(
        fmt::format("the override is NOT in force: {}; repeat it once that is over, or with allow_unsaved "
                    "(candorctl: --allow-unsaved) to have it until candord ends",
                    applied.error().message));
  }
  if (!applied->empty()) RecordAction(action, by, "in force until candord ends: " + *applied);
  response->set_not_persisted_reason(*applied);
  FillVerdict(response);
  return grpc::Status::OK;
}

grpc::Status AdminService::CheckOverride(const v1::SetOverrideRequest& request) const {
  const auto state = FromProto(request.state());
  if (!state || !IsOverrideState(*state)) {
    return Invalid(
        fmt::format("state is {}; expected HEALTHY, DEGRADED or PROBATION to serve, FAILING not to",
                    v1::State_Name(request.state())));
  }
  if (const auto ok = CheckReason(request.reason()); !ok.ok()) return ok;
  return CheckLimit(request, longest_override_);
}

grpc::ServerUnaryReactor* AdminService::SetOverride(grpc::CallbackServerContext* context,
                                                    const v1::SetOverrideRequest* request,
                                                    v1::AdminResponse* response) {
  const std::lock_guard lock(mutex_);
  if (const auto ok = CheckOverride(*request); !ok.ok()) return Reply(context, ok);
  const auto limit = std::chrono::seconds(request->limit().seconds());
  const BootTime now = parts_.clocks.boot();
  const StateOverride set{*FromProto(request->state()), request->reason(), caller_name_(context->peer()), now,
                          now + limit};
  const std::string detail =
      fmt::format("{} until {}: {}", Name(set.state), FormatUtc(parts_.clocks.wall() + limit), set.reason);
  const OverrideChange change = [&](Overrides& all) { all.state_override = set; };
  return Reply(context, Apply("override", set.by, detail, change, request->allow_unsaved(), response));
}

grpc::ServerUnaryReactor* AdminService::ClearOverride(grpc::CallbackServerContext* context,
                                                      const v1::ClearOverrideRequest* request,
                                                      v1::AdminResponse* response) {
  const std::lock_guard lock(mutex_);
  const auto before = parts_.snapshots.Read()->overrides.state_override;
  return Reply(
      context,
      Apply(
          "clear_override", caller_name_(context->peer()), before ? "of " + before->by : "there was none",
          [](Overrides& all) { all.state_override.reset(); }, request->allow_unsaved(), response));
}

grpc::ServerUnaryReactor* AdminService::Drain(grpc::CallbackServerContext* context,
                                              const v1::DrainRequest* request, v1::AdminResponse* response) {
  if (const auto ok = CheckReason(request->reason()); !ok.ok()) return Reply(context, ok);
  const std::lock_guard lock(mutex_);
  const DrainOverride drained{request->reason(), caller_name_(context->peer()), parts_.clocks.boot()};
  const OverrideChange change = [&](Overrides& all) { all.drain = drained; };
  return Reply(context,
               Apply("drain", drained.by, drained.reason, change, request->allow_unsaved(), response));
}

grpc::ServerUnaryReactor* AdminService::Undrain(grpc::CallbackServerContext* context,
                                                const v1::UndrainRequest* request,
                                                v1::AdminResponse* response) {
  const std::lock_guard lock(mutex_);
  const auto before = parts_.snapshots.Read()->overrides.drain;
  return Reply(context, Apply(
                            "undrain", caller_name_(context->peer()),
                            before ? "of " + before->by : "it was not drained",
                            [](Overrides& all) { all.drain.reset(); }, request->allow_unsaved(), response));
}

grpc::Status AdminService::Reload(const std::string& by, v1::ReloadResponse* response) {
  if (!hooks_.reload) return {grpc::StatusCode::UNIMPLEMENTED, "this daemon has nothing to reload"};
  const auto outcome = hooks_.reload();
  if (!outcome) {
    const std::string errors = Joined(outcome.error());
    RecordAction("reload", by, "refused, nothing has changed: " + errors);
    return Invalid(errors);
  }
  RecordAction("reload", by,
               fmt::format("applied: {}; needs a restart: {}",
                           outcome->applied.empty() ? "nothing" : Joined(outcome->applied),
                           outcome->restart.empty() ? "nothing" : Joined(outcome->restart)));
  response->set_config_file(outcome->config_file);
  for (const std::string& s : outcome->applied) response->add_applied(s);
  for (const std::string& s : outcome->restart) response->add_restart(s);
  for (const std::string& s : outcome->notes) response->add_notes(s);
  // The settings are in their own file; the history of this reload is in the state file.
  if (!hooks_.apply_override) return grpc::Status::OK;
  const auto applied = hooks_.apply_override([](Overrides&) {}, false);
  if (!applied) response->add_notes("the history of this reload is not on disk: " + applied.error().message);
  return grpc::Status::OK;
}

grpc::ServerUnaryReactor* AdminService::Reload(grpc::CallbackServerContext* context, const v1::ReloadRequest*,
                                               v1::ReloadResponse* response) {
  const std::string by =
      caller_name_(context->peer());  // without mutex_: a reload may call SetLongestOverride
  return Reply(context, Reload(by, response));
}

grpc::ServerUnaryReactor* AdminService::ResetBaseline(grpc::CallbackServerContext* context,
                                                      const v1::ResetBaselineRequest*,
                                                      v1::AdminResponse* response) {
  const std::lock_guard lock(mutex_);
  RecordAction("reset_baseline", caller_name_(context->peer()), "the baseline of this node is learned again");
  const auto done = hooks_.reset_baseline ? hooks_.reset_baseline()
                                          : Result<std::string>(Fail("this daemon has no baseline"));
  if (!done) {
    RecordAction("reset_baseline", caller_name_(context->peer()), "refused: " + done.error().message);
    return Reply(context, NotPersisted(done.error().message));
  }
  response->set_not_persisted_reason(*done);
  FillVerdict(response);
  return Reply(context, grpc::Status::OK);
}

}  // namespace candor
