// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/daemon/candord_test.sh.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "config/config.h"
#include "status/snapshot_store.h"
#include "web/heartbeat.h"
#include "web/web_server.h"

namespace candor::daemon {

// Serves the HTTP and HAProxy agent ports of the configuration; `heartbeat` and `snapshots` outlive them.
Result<std::unique_ptr<web::WebServer>> StartWeb(const Config& config, const SnapshotStore& snapshots,
                                                 const web::Heartbeat& heartbeat,
                                                 std::chrono::system_clock::time_point started_at);

// "HTTP on 127.0.0.1:7461; HAProxy agent on 127.0.0.1:7462"; empty: neither is served.
std::string WebStartLine(const web::WebServer& server);

}  // namespace candor::daemon
