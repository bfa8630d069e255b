// SPDX-License-Identifier: Apache-2.0
//
// The settings of the HTTP and HAProxy agent ports; settings.h describes how they are visited.
#pragma once

#include <chrono>

#include "config/checks.h"
#include "web/web_options.h"

namespace candor::config {

// Inside the section `listen`.
template <class V>
void VisitWebListen(V& in, web::WebOptions& o) {
  in.List("http", o.http_listen, ListenAddress{},
          "the same, for /readyz, /metrics and the other pages over HTTP/1.1; []: none");
  in.List("haproxy_agent", o.agent_listen, ListenAddress{}, "the same, for HAProxy's agent-check; []: none");
}

template <class V>
void VisitWeb(V& v, web::WebOptions& o) {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  v.Section(
      "web", "bounds of the HTTP ports together, and of the HAProxy agent ports together", [&](auto& in) {
        in.Field("max_connections", o.max_connections, Between<size_t>{1, 100000},
                 "at once; one more closes the one that has been idle longest");
        in.Field("max_header_bytes", o.max_header_bytes, Between<size_t>{256, 1048576}, "of one request");
        in.Field("request_timeout", o.request_timeout, Within{milliseconds(10), hours(1)},
                 "a request must be complete this long after it began");
        in.Field("idle_timeout", o.idle_timeout, Within{milliseconds(10), hours(24)},
                 "a connection may be idle this long between two requests");
        in.Field("write_timeout", o.write_timeout, Within{milliseconds(10), hours(1)},
                 "a client must have read its answer within this");
      });
}

}  // namespace candor::config
