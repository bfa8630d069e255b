// SPDX-License-Identifier: Apache-2.0
//
// The gRPC servers: grpc.health.v1, candor.v1.NodeHealth, ORCA load reports and reflection (v1alpha) on every
// listen address; the same and candor.v1.Admin on the admin socket; grpc.health.v1 alone on the health-only
// addresses. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "serve/serve_options.h"
#include "serve/serve_parts.h"
#include "status/daemon_hooks.h"

namespace candor {

// The fields of GetInfo that the daemon sets.
struct DaemonInfo {
  std::string version;
  std::chrono::system_clock::time_point started_at{};
  BootTime started = BootNow();    // the same, for the uptime
  std::string config_file;         // empty: none
  std::string config_yaml;         // in force
  std::string self_report_target;  // empty: none
};

class Server {
 public:
  // Opens every address or none; the error names the address and a remedy. `parts` outlive the server.
  static Result<std::unique_ptr<Server>> Start(const ServeOptions& options, ServeParts parts,
                                               const DaemonInfo& about, DaemonHooks hooks = {});
  ~Server();  // Stop()
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // grpc_listen as configured, with the actual port in place of 0.
  const std::vector<std::string>& listening() const;
  const std::vector<std::string>& health_only() const;  // likewise for health_only_listen

  // For a reload, while calls are served.
  void SetLongestOverride(Duration d);
  void SetConfigYaml(const std::string& yaml);
  // The other addresses of this daemon, for GetInfo.
  void SetWebListening(const std::vector<std::string>& http, const std::vector<std::string>& agent);
  Result<void> ReloadTls();  // on error the old certificate stays in force

  // Ends streams with UNAVAILABLE, gives calls in progress the grace, cancels the rest. Idempotent.
  void Stop();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
