// SPDX-License-Identifier: Apache-2.0
//
// What is answered to whom, as values: no socket, no clock of its own.
//
//   /livez    the process is alive: its pipeline has judged within kStall. Never the verdict: an
//             orchestrator that restarts Candor for a sick node would blind it for nothing
//   /readyz   the effective answer; /healthz is the same
//   /metrics  for Prometheus
//   /verdict  candor.v1.Verdict as JSON
//   /         an index for people
//
// Headers that load balancers read on /readyz, as far as they apply:
//   X-Load-Balancing-Endpoint-Weight      0..1000 (Google Cloud)
//   x-envoy-degraded                      serving, but others are better (Envoy)
//   x-envoy-immediate-health-check-fail   the verdict takes it out (Envoy)
//
// One thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "status/snapshot_store.h"
#include "web/process_cost.h"
#include "web/traffic.h"

namespace candor::web {

inline constexpr Duration kStall = std::chrono::seconds(2);

struct Answer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // beside those of HTTP itself
};

// What the pages show of the process around them.
struct AboutProcess {
  std::string version;
  std::chrono::system_clock::time_point started_at{};
  std::function<Duration()> since_tick;  // of the pipeline
  std::function<std::optional<ProcessCost>()> cost = &ReadProcessCost;
};

class Pages {
 public:
  // `snapshots` and `traffic` outlive the pages; each request is counted in `traffic`.
  Pages(const SnapshotStore& snapshots, Traffic& traffic, AboutProcess about)
      : snapshots_(snapshots), traffic_(traffic), about_(std::move(about)) {}

  // `target` as in the request line: a path with or without a query, or an absolute URL. For HEAD the
  // answer is that of GET; its body is not to be sent.
  Answer Respond(std::string_view method, std::string_view target);

  // The answer to what is no request: `what` says in one sentence what was wrong and what is expected.
  Answer Refuse(int status, std::string_view what);

  // The HAProxy agent's line.
  std::string AgentLine() const;

 private:
  struct Page;
  static const std::vector<Page>& All();
  Answer Find(std::string_view method, std::string_view path) const;
  Answer Index() const;
  Answer Live() const;
  Answer Ready() const;
  Answer Metrics() const;
  Answer VerdictPage() const;
  void Count(std::string_view path, int status);

  const SnapshotStore& snapshots_;
  Traffic& traffic_;
  const AboutProcess about_;
};

}  // namespace candor::web
