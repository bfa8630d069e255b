// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pipeline.h"

#include <algorithm>
#include <utility>

namespace candor {

namespace {

AttemptOptions WithRole(AttemptOptions o, Role role) {
  o.role = role;
  return o;
}

}  // namespace

Pipeline::Pipeline(PipelineOptions options)
    : judge_(options.judge),
      tracker_(WithRole(options.attempt, options.judge.role),
               [this](const AttemptEvent& e) {
                 if (judge_.Observe(e)) changes_.push_back(verdict());
               }),
      lost_(options.lost, &tracker_) {}

const std::vector<Verdict>& Pipeline::OnFlow(const FlowEvent& e) {
  changes_.clear();
  lost_.Learn(e);
  tracker_.OnFlow(e);
  return changes_;
}

void Pipeline::Reconcile(Time now, FlowSource& source) {
  // Every state is complete, so the newest one alone makes up for the events lost before it.
  std::vector<FlowEvent> flows;
  source.ForEach([&](const FlowKey& key, const FlowState& state) { flows.push_back({now, key, state}); });
  // Attempts are kept in the order of their first packets; a map has no order.
  std::stable_sort(flows.begin(), flows.end(),
                   [](const FlowEvent& a, const FlowEvent& b) { return a.flow.first_ns < b.flow.first_ns; });
  for (const FlowEvent& e : flows) lost_.Learn(e), tracker_.OnFlow(e);
}

const std::vector<Verdict>& Pipeline::Tick(Time now, FlowSource& source) {
  changes_.clear();
  // The tracker first: what it concludes at `now` belongs to the verdict of `now`.
  lost_.Take(source);
  tracker_.Tick(now, source);
  judge_.ObserveNode(source.Activity());
  judge_.ObserveSockets(source.Sockets());
  judge_.ObserveSessions(source.Sessions());
  if (judge_.Tick(now)) changes_.push_back(verdict());
  return changes_;
}

}  // namespace candor
