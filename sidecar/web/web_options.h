// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/time.h"

namespace candor::web {

// Bounds hold for the HTTP ports together and for the agent ports together.
struct WebOptions {
  // host:port, [ipv6]:port or unix:PATH; none: not served. Loopback unless configured: whoever reaches it
  // may read it.
  std::vector<std::string> http_listen = {"127.0.0.1:7461"};
  std::vector<std::string> agent_listen = {"127.0.0.1:7462"};
  int unix_mode = 0660;  // of unix sockets
  // The connection that has waited longest makes room for the next one, so that whoever holds many open
  // cannot keep a load balancer out.
  size_t max_connections = 256;
  size_t max_header_bytes = 8192;                      // of a request, its first line included
  Duration request_timeout = std::chrono::seconds(5);  // from its first byte, or the connection, to its end
  Duration idle_timeout = std::chrono::seconds(75);    // between two requests on one connection
  Duration write_timeout = std::chrono::seconds(5);    // a reader slower than this is let go
};

}  // namespace candor::web
