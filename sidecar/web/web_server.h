// SPDX-License-Identifier: Apache-2.0
//
// The HTTP and HAProxy agent ports, on one thread. A response takes one read of the SnapshotStore and a few
// kilobytes, so thousands of slow connections need no further thread. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/connection_limiter.h"
#include "web/pages.h"
#include "web/web_options.h"

namespace candor {
class AcceptorThread;
}

namespace candor::web {

class WebServer {
 public:
  // Opens every address, or none: an error names the address and the remedy. `snapshots` outlives the server;
  // the functions of `about` are called on the server's thread.
  static Result<std::unique_ptr<WebServer>> Start(const WebOptions& options, const SnapshotStore& snapshots,
                                                  AboutProcess about);
  ~WebServer();  // Stop()
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  // As configured, with the ports that were opened where 0 was asked for.
  const std::vector<std::string>& http() const { return http_; }
  const std::vector<std::string>& agent() const { return agent_; }

  // Changes the limits and timeouts, from the next connection or request on. Ignores the addresses.
  void SetBounds(const WebOptions& options);

  // Closes every port and connection and joins the thread. Idempotent.
  void Stop();

 private:
  WebServer(const WebOptions& options, const SnapshotStore& snapshots, AboutProcess about);
  Result<void> Listen();

  WebOptions options_;  // of the thread only, once it runs
  Traffic traffic_;
  ConnectionLimiter http_limiter_, agent_limiter_;
  Pages pages_;
  std::vector<std::string> http_, agent_;
  std::unique_ptr<AcceptorThread> thread_;  // last: sessions use all of the above
};

}  // namespace candor::web
