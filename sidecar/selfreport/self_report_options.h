// SPDX-License-Identifier: Apache-2.0
//
// Whom to ask for the node's own report, and how often.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace candor {

struct SelfReportOptions {
  enum class Kind : uint8_t { kNone, kHttp, kGrpc };
  Kind kind = Kind::kNone;
  // http: a URL ("http://127.0.0.1:7880/"); grpc: a gRPC target ("127.0.0.1:50051", "unix:/run/node.sock").
  std::string target;
  std::string service;                          // grpc only: the name to check; empty: the whole server
  Duration interval = std::chrono::seconds(1);  // from one question to the next, 100 ms to 1 h
  Duration timeout = std::chrono::seconds(1);   // for a whole answer, 10 ms to 60 s
};

// An error names the option, what it holds and what was expected.
Result<void> Validate(const SelfReportOptions& options);

}  // namespace candor
