// SPDX-License-Identifier: Apache-2.0
//
// Evidence beside attempts that each server gets for itself: local facts, what its failing attempts have in
// common, and the sessions that it accepts. Tested in tests/pipeline/servers_test.cc.
#include <algorithm>
#include <iterator>

#include "pipeline/servers.h"

namespace candor {
namespace {

constexpr Duration kFactsEvery = std::chrono::seconds(1), kFactsInCalm = std::chrono::seconds(30);
constexpr Duration kShapeEvery = std::chrono::seconds(1);
constexpr Duration kLeastShaped = std::chrono::seconds(15);  // the deadline of an attempt, and some more
constexpr size_t kMostShaped = 2000;                         // newest attempts

}  // namespace

// What the failing attempts of each server have in common, once a second while something is wrong there.
void Servers::ObserveShapes(Time now, const AttemptTracker& tracker) {
  const auto wants = [](const auto& s) { return s->judge.WantsShape(); };
  for (const auto& s : servers_) {
    if (!wants(s)) s->sockets.ObserveFailing({});
  }
  if (now - shaped_ < kShapeEvery || std::none_of(servers_.begin(), servers_.end(), wants)) return;
  shaped_ = now;
  const std::vector<AttemptView> all = tracker.Attempts(kMostShaped);
  for (const auto& s : servers_) {
    if (!wants(s)) continue;
    std::vector<AttemptView> own;
    std::copy_if(all.begin(), all.end(), std::back_inserter(own),
                 [&](const AttemptView& a) { return a.server == s->id; });
    const Duration window = std::max<Duration>(s->judge.verdict().window, kLeastShaped);
    const FailureShapeOptions options = {.since = now - window,
                                         .now = now,
                                         .network_bits_v4 = judge_options_.network_bits_v4,
                                         .network_bits_v6 = judge_options_.network_bits_v6};
    s->judge.ObserveShape(ShapeOf(own, options));
    s->sockets.ObserveFailing(FailingPeers(own, options, FactsRequest::kPeers));
  }
}

// Of a server that is well its processes alone, so that a restart or a stop is seen, and now and then all.
std::vector<ServerFactsRequest> Servers::DueFacts(PortRange ports, Time now) {
  std::vector<ServerFactsRequest> due;
  for (const auto& s : servers_) {
    if (s->last_attempt == Time{} || (s->watched_at != Time{} && now - s->watched_at < kFactsEvery)) continue;
    const bool all = s->judge.WantsFacts() || s->facts_at == Time{} || now - s->facts_at >= kFactsInCalm;
    s->watched_at = now;
    if (all) s->facts_at = now;
    due.push_back({s->id, s->sockets.Request(ports)});
    due.back().request.watch = !all;
  }
  return due;
}

void Servers::ObserveFacts(const ServerFacts& read) {
  MediaServer* s = ById(read.server);
  if (s == nullptr) return;
  s->judge.ObserveFacts(read.facts);
  s->judge.ObserveLocalFault(LocalFaultOf(read.facts));
}

void Servers::ObserveReportedJoins(const ReportedJoins& read) {
  const MediaServer* only = Only();
  ReportedJoins of_another;
  of_another.at = read.at;
  of_another.unavailable = "several media servers run on this node, and self_report.prometheus names none";
  for (const auto& s : servers_) s->judge.ObserveReportedJoins(s.get() == only ? read : of_another);
}

// Those that a socket of its cgroup accepted. Where a proxy in another cgroup accepts them, none.
SessionCounts Servers::SessionsOf(const MediaServer& s, const SessionCounts& all, Time now) {
  SessionCounts own = all;
  std::erase_if(own.ports, [&](const PortSessions& p) { return Find(p.cgroup_id, 0, now) != &s; });
  return own;
}

}  // namespace candor
