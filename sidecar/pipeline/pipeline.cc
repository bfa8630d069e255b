// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pipeline.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace candor {

Pipeline::Pipeline(PipelineOptions options, std::function<void(const Verdict&)> on_change)
    : on_change_(std::move(on_change)),
      judge_(std::move(options.judge)),
      tracker_(options.attempt, [this](const AttemptEvent& e) {
        judge_.Observe(e);
        Publish(judge_.verdict());  // the judge also decides between ticks
      }) {}

void Pipeline::Reconcile(Time now, FlowSource& source) {
  // Every state is whole, so the newest one alone mends whatever went unseen before it.
  std::vector<FlowEvent> flows;
  source.ForEach([&](const FlowKey& key, const FlowState& state) { flows.push_back({now, key, state}); });
  // Attempts are kept in the order of their first packets, and a map is in none.
  std::stable_sort(flows.begin(), flows.end(),
                   [](const FlowEvent& a, const FlowEvent& b) { return a.flow.first_ns < b.flow.first_ns; });
  for (const FlowEvent& e : flows) tracker_.OnFlow(e);
}

const Verdict& Pipeline::Tick(Time now, FlowSource& source) {
  // The tracker first: what it settles at `now` belongs to the judgement of `now`.
  tracker_.Tick(now, source);
  judge_.ObserveNode(source.Activity());
  judge_.ObserveSockets(source.Sockets());
  const Verdict& v = judge_.Tick(now);
  Publish(v);
  return v;
}

void Pipeline::Publish(const Verdict& v) {
  if (published_ && v.state == last_state_ && v.reason == last_reason_) return;
  published_ = true;
  last_state_ = v.state;
  last_reason_ = v.reason;
  if (on_change_) on_change_(v);
}

}  // namespace candor
