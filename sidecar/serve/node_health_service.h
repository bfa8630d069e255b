// SPDX-License-Identifier: Apache-2.0
//
// candor.v1.NodeHealth from the Board. Every answer comes from one snapshot; what is asked wrongly is
// answered INVALID_ARGUMENT with what was expected. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "candor/v1/node_health.grpc.pb.h"
#include "serve/board.h"
#include "serve/watch_hub.h"

namespace candor {

class NodeHealthService final : public v1::NodeHealth::CallbackService {
 public:
  // `about`: the parts of Info that no snapshot knows (version, configuration, ports). `board` and `hub`
  // outlive the service.
  NodeHealthService(const Board& board, WatchHub& hub, v1::Info about)
      : board_(board), hub_(hub), about_(std::move(about)) {}

  // Which ports were really opened is known only once the server takes calls.
  void SetListening(const std::vector<std::string>& listening);

  grpc::ServerUnaryReactor* GetVerdict(grpc::CallbackServerContext* context,
                                       const v1::GetVerdictRequest* request, v1::Verdict* response) override;
  grpc::ServerWriteReactor<v1::Verdict>* WatchVerdict(grpc::CallbackServerContext* context,
                                                      const v1::WatchVerdictRequest* request) override;
  grpc::ServerUnaryReactor* ListAttempts(grpc::CallbackServerContext* context,
                                         const v1::ListAttemptsRequest* request,
                                         v1::ListAttemptsResponse* response) override;
  grpc::ServerUnaryReactor* ListFlows(grpc::CallbackServerContext* context,
                                      const v1::ListFlowsRequest* request,
                                      v1::ListFlowsResponse* response) override;
  grpc::ServerUnaryReactor* GetInfo(grpc::CallbackServerContext* context, const v1::GetInfoRequest* request,
                                    v1::Info* response) override;

 private:
  const Board& board_;
  WatchHub& hub_;
  std::mutex about_mutex_;
  v1::Info about_;
};

}  // namespace candor
