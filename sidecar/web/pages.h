// SPDX-License-Identifier: Apache-2.0
//
// The HTTP responses as values, without sockets.
//
//   /livez    200 while the pipeline has ticked within kStall. Independent of the verdict: restarting Candor
//             does not repair a failing node, and would interrupt its monitoring
//   /readyz   the effective answer; /healthz is the same
//   /metrics  Prometheus' text format
//   /verdict  candor.v1.Verdict as JSON
//   /servers  the media servers of the node, as JSON
//   /readyz/NAME, /healthz/NAME, /verdict/NAME: the same of one media server; 404 for an unknown one
//   /         an index in plain text
//
// Headers for load balancers on /readyz, each only where it applies:
//   X-Load-Balancing-Endpoint-Weight      0..1000 (Google Cloud)
//   x-envoy-degraded                      serving, but other nodes are preferred (Envoy)
//   x-envoy-immediate-health-check-fail   the verdict is FAILING (Envoy)
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
  std::vector<std::pair<std::string, std::string>> headers;  // besides those of HTTP itself
};

// What the pages show of the process. The functions are called at each request that needs them.
struct AboutProcess {
  std::string version;
  std::chrono::system_clock::time_point started_at{};
  std::function<Duration()> since_tick;  // of the pipeline
  std::function<std::optional<ProcessCost>()> cost = &ReadProcessCost;
};

class Pages {
 public:
  // `snapshots` and `traffic` outlive the pages. Each request is counted in `traffic`.
  Pages(const SnapshotStore& snapshots, Traffic& traffic, AboutProcess about)
      : snapshots_(snapshots), traffic_(traffic), about_(std::move(about)) {}

  // `target` is that of the request line: a path with or without a query, or an absolute URL. HEAD gets the
  // response of GET; the caller leaves out the body.
  Answer Respond(std::string_view method, std::string_view target);

  // The response to a malformed request. `what`: the fault and what is expected, in one sentence.
  Answer Refuse(int status, std::string_view what);

  // The HAProxy agent's line, of the node or of one media server. HAProxy ignores the line for an unknown
  // one.
  std::string AgentLine(std::string_view server = {}) const;
  // Whether there is a server whose line differs from the node's.
  bool HasServers() const { return snapshots_.Read()->servers.size() > 1; }

 private:
  struct Page;
  static const std::vector<Page>& All();
  Answer Find(std::string_view method, std::string_view path) const;
  Answer Index() const;
  Answer Live() const;
  Answer Ready() const { return ReadyOf(*snapshots_.Read()); }
  Answer ReadyOf(const Snapshot& snapshot) const;
  Answer Metrics() const;
  Answer VerdictPage() const;
  Answer Servers() const;
  std::optional<Answer> FindServerPage(std::string_view method, std::string_view path) const;
  void Count(std::string_view path, int status);

  const SnapshotStore& snapshots_;
  Traffic& traffic_;
  const AboutProcess about_;
};

}  // namespace candor::web
