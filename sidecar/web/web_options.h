// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/web/abuse_test.cc and tests/web/web_server_test.cc.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/time.h"

namespace candor::web {

// The limits hold for all HTTP ports together, and for all agent ports together.
struct WebOptions {
  // host:port, [ipv6]:port or unix:PATH; none: not served. Loopback by default: every client that can connect
  // may read everything.
  std::vector<std::string> http_listen = {"127.0.0.1:7461"};
  std::vector<std::string> agent_listen = {"127.0.0.1:7462"};
  int unix_mode = 0660;  // of unix sockets
  // At the limit the connection that has been idle for longest is closed, so that a client with many open
  // connections cannot lock out a load balancer.
  size_t max_connections = 256;
  size_t max_header_bytes = 8192;                      // of a request, with its first line
  Duration request_timeout = std::chrono::seconds(5);  // from its first byte, or the connection, to its end
  Duration idle_timeout = std::chrono::seconds(75);    // between two requests on one connection
  Duration write_timeout = std::chrono::seconds(5);    // a slower reader is disconnected
};

}  // namespace candor::web
