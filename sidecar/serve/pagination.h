// SPDX-License-Identifier: Apache-2.0
//
// Pages of attempts, flows and transitions: filters, order, tokens. Pure; an invalid request gets
// INVALID_ARGUMENT with what is expected. A token identifies the last entry of its page, so that a list that
// grows at its front does not shift the pages. Tested in tests/serve/contract_test.cc and
// tests/serve/node_health_service_test.cc.
#pragma once

#include <grpcpp/support/status.h>

#include "candor/v1/node_health.pb.h"
#include "status/history.h"

namespace candor {

inline constexpr uint32_t kDefaultPage = 100;

// `largest`: the setting limits.page. Attempts: by id, newest first. Flows: the most recently received first.
grpc::Status ListAttempts(const Snapshot& snapshot, const v1::ListAttemptsRequest& request, uint32_t largest,
                          v1::ListAttemptsResponse* response);
grpc::Status ListFlows(const Snapshot& snapshot, const v1::ListFlowsRequest& request, uint32_t largest,
                       v1::ListFlowsResponse* response);
grpc::Status ListTransitions(const History& history, const v1::ListTransitionsRequest& request,
                             uint32_t largest, v1::ListTransitionsResponse* response);

}  // namespace candor
