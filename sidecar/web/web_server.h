// SPDX-License-Identifier: Apache-2.0
//
// The HTTP and HAProxy agent ports, on one thread: reading the SnapshotStore and writing a few kilobytes
// never waits for anybody, so thousands of slow connections cost a place each and no thread. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "web/pages.h"
#include "web/web_options.h"

namespace candor::web {

class WebServer {
 public:
  // Opens every address, or none: an error names the address and what to do. `snapshots` outlives the server;
  // what `about` holds is called on the server's thread.
  static Result<std::unique_ptr<WebServer>> Start(const WebOptions& options, const SnapshotStore& snapshots,
                                                  AboutProcess about);
  ~WebServer();  // Stop()
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  // As configured, with the ports that were really opened where 0 was asked for.
  const std::vector<std::string>& http() const;
  const std::vector<std::string>& agent() const;

  // The bounds of `options`, from the next connection or request on; its addresses are not looked at.
  void SetBounds(const WebOptions& options);

  // Closes every port and connection and joins the thread. Idempotent.
  void Stop();

 private:
  class Impl;
  explicit WebServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor::web
