// SPDX-License-Identifier: Apache-2.0
//
// The source of the node's self-report, and the polling interval.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace candor {

// The clients whose pushed reports (ReportSelf) are accepted: none, those of our unix sockets, these and
// those from loopback addresses.
enum class PushFrom : uint8_t { kOff, kUnix, kLoopback };

struct SelfReportOptions {
  enum class Kind : uint8_t { kNone, kHttp, kGrpc };
  Kind kind = Kind::kNone;
  // http: a URL ("http://127.0.0.1:7880/"); grpc: a gRPC target ("127.0.0.1:50051", "unix:/run/node.sock").
  std::string target;
  std::string service;                          // grpc only: the name to check; empty: the whole server
  Duration interval = std::chrono::seconds(1);  // from start to start of a check, 100 ms to 1 h
  Duration timeout = std::chrono::seconds(1);   // of a whole check, 10 ms to 60 s
};

// The error names the option, its value and what is expected.
Result<void> Validate(const SelfReportOptions& options);

}  // namespace candor
