// SPDX-License-Identifier: Apache-2.0
//
// candor.v1.Admin: what operators may do. Every act stands in the history before it takes effect, and is
// answered once it is on disk and every interface shows it. Thread-safe; acts happen one after the other.
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "candor/v1/admin.grpc.pb.h"
#include "serve/serve_parts.h"
#include "status/daemon_hooks.h"

namespace candor {

class AdminService final : public v1::Admin::CallbackService {
 public:
  // `caller_name`: the caller behind a peer as gRPC names it.
  using CallerNamer = std::function<std::string(const std::string& peer)>;

  AdminService(ServeParts parts, DaemonHooks hooks, Duration longest_override, CallerNamer caller_name);

  // Of overrides that are set from now on.
  void SetLongestOverride(Duration d);

  grpc::ServerUnaryReactor* SetOverride(grpc::CallbackServerContext* context,
                                        const v1::SetOverrideRequest* request,
                                        v1::AdminResponse* response) override;
  grpc::ServerUnaryReactor* ClearOverride(grpc::CallbackServerContext* context,
                                          const v1::ClearOverrideRequest* request,
                                          v1::AdminResponse* response) override;
  grpc::ServerUnaryReactor* Drain(grpc::CallbackServerContext* context, const v1::DrainRequest* request,
                                  v1::AdminResponse* response) override;
  grpc::ServerUnaryReactor* Undrain(grpc::CallbackServerContext* context, const v1::UndrainRequest* request,
                                    v1::AdminResponse* response) override;
  grpc::ServerUnaryReactor* Reload(grpc::CallbackServerContext* context, const v1::ReloadRequest* request,
                                   v1::ReloadResponse* response) override;
  grpc::ServerUnaryReactor* ResetBaseline(grpc::CallbackServerContext* context,
                                          const v1::ResetBaselineRequest* request,
                                          v1::AdminResponse* response) override;
  grpc::ServerUnaryReactor* DumpState(grpc::CallbackServerContext* context,
                                      const v1::DumpStateRequest* request, v1::SavedState* response) override;

 private:
  grpc::Status CheckOverride(const v1::SetOverrideRequest& request) const;
  // Notes the act, has it saved and put in force, and fills in the answer. Call with mutex_ held.
  grpc::Status Apply(const char* action, const std::string& by, const std::string& detail,
                     const OverrideChange& change, bool allow_unsaved, v1::AdminResponse* response);
  void FillVerdict(v1::AdminResponse* response) const;
  grpc::Status Reload(const std::string& by, v1::ReloadResponse* response);
  void RecordAction(const char* action, const std::string& by, std::string detail);

  const ServeParts parts_;
  const DaemonHooks hooks_;
  const CallerNamer caller_name_;
  std::mutex mutex_;  // one act at a time
  Duration longest_override_;
};

}  // namespace candor
