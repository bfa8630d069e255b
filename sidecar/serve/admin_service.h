// SPDX-License-Identifier: Apache-2.0
//
// candor.v1.Admin: the actions of operators. Each is recorded in the history before it takes effect, and
// answered once it is on disk and in force on every interface. Thread-safe; actions are serialized.
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
  // Names the caller at a peer (grpc::ServerContext::peer()).
  using CallerNamer = std::function<std::string(const std::string& peer)>;

  AdminService(ServeParts parts, DaemonHooks hooks, Duration longest_override, CallerNamer caller_name);

  // For overrides from now on.
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

 private:
  grpc::Status CheckOverride(const v1::SetOverrideRequest& request) const;
  // Records the action, applies `change` and fills in the response. mutex_ is held.
  grpc::Status Apply(const char* action, const std::string& by, const std::string& detail,
                     const OverrideChange& change, bool allow_unsaved, v1::AdminResponse* response);
  void FillVerdict(v1::AdminResponse* response) const;
  grpc::Status Reload(const std::string& by, v1::ReloadResponse* response);
  void RecordAction(const char* action, const std::string& by, std::string detail);

  const ServeParts parts_;
  const DaemonHooks hooks_;
  const CallerNamer caller_name_;
  std::mutex mutex_;  // one action at a time
  Duration longest_override_;
};

}  // namespace candor
