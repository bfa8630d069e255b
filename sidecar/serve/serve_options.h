// SPDX-License-Identifier: Apache-2.0
//
// Where and how Candor answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "net/tls_pair.h"

namespace candor {

// Who may push the node's own report: nobody; whoever reaches a unix socket of ours; those and loopback.
enum class PushFrom : uint8_t { kOff, kUnix, kLoopback };

struct ServeOptions {
  // host:port, [ipv6]:port or unix:PATH. Loopback unless configured: whoever reaches it may read it.
  std::vector<std::string> grpc_listen = {"127.0.0.1:7460"};
  // Only grpc.health.v1, always plaintext: for the kubelet, whose gRPC probes know no TLS.
  std::vector<std::string> health_only_listen = {};
  // Another candord answers on these addresses and at the admin socket, and will soon be stopped: share its
  // TCP ports (SO_REUSEPORT), take the names of its unix sockets.
  bool take_over = false;
  std::string admin_socket = {};  // path of the unix socket of candor.v1.Admin; empty: there is none
  int unix_mode = 0660;           // of unix sockets
  TlsOptions tls = {};            // of the TCP addresses of grpc_listen
  Duration longest_override = std::chrono::hours(24);
  int max_request_bytes = 64 * 1024;  // requests are tiny; answers are not bounded by this
  uint32_t largest_page = 1000;
  size_t watches = 20000;                                    // streams at once, each some 20 kB
  size_t watches_per_peer = 1000;                            // by one address
  Duration keepalive_time = std::chrono::minutes(1);         // a silent peer is asked whether it lives
  Duration keepalive_timeout = std::chrono::seconds(20);     // and its streams are closed after this
  Duration handshake_timeout = std::chrono::seconds(10);     // who connects and says nothing is let go
  Duration shutdown_grace = std::chrono::milliseconds(500);  // for calls in progress when stopping
};

}  // namespace candor
