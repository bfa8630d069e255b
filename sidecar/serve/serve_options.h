// SPDX-License-Identifier: Apache-2.0
//
// The gRPC servers' options. Tested in tests/serve/server_test.cc and tests/config/.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "net/tls_pair.h"

namespace candor {

struct ServeOptions {
  // host:port, [ipv6]:port or unix:PATH. Loopback unless configured: there is no authorization without TLS.
  std::vector<std::string> grpc_listen = {"127.0.0.1:7460"};
  // grpc.health.v1 only, always plaintext: for the kubelet, whose gRPC probes have no TLS.
  std::vector<std::string> health_only_listen = {};
  // Another candord serves these addresses and the admin socket and is about to stop: share its TCP ports
  // (SO_REUSEPORT), take over the names of its unix sockets.
  bool take_over = false;
  std::string admin_socket = {};  // path of the unix socket of candor.v1.Admin; empty: there is none
  int unix_mode = 0660;           // of unix sockets
  TlsOptions tls = {};            // of the TCP addresses of grpc_listen
  Duration longest_override = std::chrono::hours(24);
  int max_request_bytes = 64 * 1024;  // of a request; answers have no limit
  uint32_t largest_page = 1000;
  size_t watches = 20000;                                 // open streams, about 20 kB each
  size_t watches_per_peer = 1000;                         // per peer address
  Duration keepalive_time = std::chrono::minutes(1);      // an HTTP/2 PING after this silence of the peer
  Duration keepalive_timeout = std::chrono::seconds(20);  // without an answer to it the streams end
  Duration handshake_timeout = std::chrono::seconds(10);  // a connection without HTTP/2 is closed after this
  Duration shutdown_grace = std::chrono::milliseconds(500);  // of calls in progress when the server stops
};

}  // namespace candor
