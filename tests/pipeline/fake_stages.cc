// SPDX-License-Identifier: Apache-2.0
#include "fake_stages.h"

#include "attempt/attempt_tracker.h"
#include "verdict/judge.h"

namespace candor {

FakeStages& Fakes() {
  static FakeStages fakes;
  return fakes;
}

class AttemptTracker::Impl {
 public:
  Sink sink;
};

// Every flow event becomes an attempt event of the flow's first_ns as id.
AttemptTracker::AttemptTracker(AttemptOptions /*options*/, Sink sink) : impl_(std::make_unique<Impl>()) {
  impl_->sink = std::move(sink);
}
AttemptTracker::~AttemptTracker() = default;
void AttemptTracker::OnFlow(const FlowEvent& e) {
  AttemptEvent out;
  out.at = e.at;
  out.id = e.flow.first_ns;
  impl_->sink(out);
}
void AttemptTracker::Tick(Time /*now*/, FlowSource& /*source*/) {
  Fakes().calls.emplace_back("tracker tick");
}

class Judge::Impl {};
Judge::Judge(JudgeOptions /*options*/) : impl_(std::make_unique<Impl>()) {}
Judge::~Judge() = default;
void Judge::Observe(const AttemptEvent& e) {
  Fakes().calls.push_back("observe " + std::to_string(e.id) + " at " + std::to_string(NanosOf(e.at)));
}
void Judge::ObserveNode(const NodeActivity& activity) {
  Fakes().calls.push_back("node in " + std::to_string(NanosOf(activity.last_in)));
}
void Judge::ObserveSockets(const SocketCounts& counts) {
  Fakes().calls.push_back("sockets lost " + std::to_string(counts.dropped()));
}
const Verdict& Judge::Tick(Time now) {
  Fakes().calls.push_back("judge tick " + std::to_string(NanosOf(now)));
  return Fakes().verdict;
}
const Verdict& Judge::verdict() const { return Fakes().verdict; }

}  // namespace candor
