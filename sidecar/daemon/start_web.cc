// SPDX-License-Identifier: Apache-2.0
#include "daemon/start_web.h"

#include <fmt/format.h>

namespace candor::daemon {

Result<std::unique_ptr<web::WebServer>> StartWeb(const Config& config, const SnapshotStore& snapshots,
                                                 const web::Heartbeat& heartbeat,
                                                 std::chrono::system_clock::time_point started_at) {
  web::AboutProcess about;
  about.version = CANDOR_VERSION;
  about.started_at = started_at;
  about.since_tick = [&heartbeat] { return heartbeat.Age(MonotonicNow()); };
  return web::WebServer::Start(config.web, snapshots, std::move(about));
}

std::string WebStartLine(const web::WebServer& server) {
  std::string line;
  if (!server.http().empty()) line = fmt::format("HTTP on {}", fmt::join(server.http(), ", "));
  if (server.agent().empty()) return line;
  return line +
         fmt::format("{}HAProxy agent on {}", line.empty() ? "" : "; ", fmt::join(server.agent(), ", "));
}

}  // namespace candor::daemon
