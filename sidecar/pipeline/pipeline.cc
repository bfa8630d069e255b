// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pipeline.h"

#include <algorithm>
#include <utility>

namespace candor {

Pipeline::Pipeline(PipelineOptions options, CgroupReader cgroups)
    : servers_(std::move(options.servers), options.judge, std::move(cgroups)),
      tracker_(
          options.attempt,
          [this](const AttemptEvent& e) {
            if (servers_.Observe(e)) changes_.push_back(verdict());
          },
          [this](const FlowEvent& e) { return servers_.ServerOf(e, tracker_); }),
      lost_(options.lost, &tracker_),
      ports_{options.lost.port_min, options.lost.port_max} {}

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
  if (servers_.Tick(now, source, tracker_)) changes_.push_back(verdict());
  return changes_;
}

}  // namespace candor
