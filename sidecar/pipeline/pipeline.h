// SPDX-License-Identifier: Apache-2.0
//
// From flow events to the verdicts of the media servers and of the node: the attempt tracker and the judges
// in one object. Pure but for the FlowSource; driven by one thread. candord drives it from the kernel,
// candorctl replay from a capture.
#pragma once

#include <vector>

#include "attempt/attempt_tracker.h"
#include "attempt/lost_flows.h"
#include "pipeline/servers.h"

namespace candor {

struct PipelineOptions {
  AttemptOptions attempt;
  LostFlowsOptions lost;
  JudgeOptions judge;
  ServersOptions servers;
};

class Pipeline {
 public:
  // `cgroups`: the source's (FlowSource::Cgroup); without it servers are found by configured ports only.
  explicit Pipeline(PipelineOptions options, CgroupReader cgroups = {});

  // When the source began to observe; before the first OnFlow().
  void Begin(Time at) { tracker_.Begin(at); }
  // Verdicts of the node with a new state or reason that the event brought, first to last; valid until the
  // next call.
  const std::vector<Verdict>& OnFlow(const FlowEvent& e);
  // After lost events: takes every flow as `source` holds it at `now`. Tick() follows.
  void Reconcile(Time now, FlowSource& source);
  // Concludes what is due at `now` and judges; returns what OnFlow() returns. Call every JudgeOptions::tick.
  const std::vector<Verdict>& Tick(Time now, FlowSource& source);

  // The baselines: see Servers and Judge.
  std::vector<ServerBaseline> SaveBaselines() const { return servers_.Save(); }
  Result<void> RestoreBaselines(const std::vector<ServerBaseline>& saved, Duration age, Time now) {
    return servers_.Restore(saved, age, now);
  }
  void ResetBaselines() { servers_.ResetBaselines(); }

  // See Servers.
  std::vector<ServerFactsRequest> DueFacts(Time now) { return servers_.DueFacts(ports_, now); }
  void ObserveFacts(const ServerFacts& read) { servers_.ObserveFacts(read); }
  void ObserveReportedJoins(const ReportedJoins& read) { servers_.ObserveReportedJoins(read); }

  const Verdict& verdict() const { return servers_.verdict(); }
  std::vector<ServerStatus> servers() const { return servers_.Statuses(tracker_); }
  // What limits the verdicts of the servers, for operators.
  std::vector<std::string> Notes() const { return servers_.Notes(); }
  const AttemptTracker& tracker() const { return tracker_; }
  const LostFlows& lost() const { return lost_; }

 private:
  Servers servers_;
  AttemptTracker tracker_;
  LostFlows lost_;
  PortRange ports_;
  std::vector<Verdict> changes_;
};

}  // namespace candor
