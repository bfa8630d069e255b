// SPDX-License-Identifier: Apache-2.0
//
// The gRPC server: grpc.health.v1, candor.v1.NodeHealth and reflection (v1alpha) on every listen address.
// Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "serve/board.h"

namespace candor {

struct ServeOptions {
  // host:port, [ipv6]:port or unix:PATH. Loopback unless configured: whoever reaches it may read it.
  std::vector<std::string> grpc_listen = {"127.0.0.1:7460"};
  int unix_mode = 0660;                               // of unix sockets
  int max_request_bytes = 64 * 1024;                  // requests are tiny; answers are not bounded by this
  Duration keepalive_time = std::chrono::minutes(1);  // a silent peer is asked whether it lives
  Duration keepalive_timeout = std::chrono::seconds(20);     // and its streams are closed after this
  Duration shutdown_grace = std::chrono::milliseconds(500);  // for calls in progress when stopping
};

// What the server says of itself in GetInfo.
struct AboutDaemon {
  std::string version;
  std::chrono::system_clock::time_point started_at{};
  std::string config_file;         // empty: none
  std::string config_yaml;         // in force
  std::string self_report_target;  // empty: none
};

class Server {
 public:
  // Opens every address, or none: an error names the address and what to do. `board` outlives the server.
  static Result<std::unique_ptr<Server>> Start(const ServeOptions& options, Board& board,
                                               const AboutDaemon& about);
  ~Server();  // Stop()
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // As configured, with the port that was really opened where 0 was asked for.
  const std::vector<std::string>& listening() const;

  // Ends streams with UNAVAILABLE, gives calls in progress the grace, cancels the rest. Idempotent.
  void Stop();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
