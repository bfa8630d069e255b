// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "flow/counters.h"
#include "flow/flow.h"
#include "flow/flow_source.h"

struct flow_bpf;

namespace candor {

class EventRing;

// The BPF object under BPF_PROG_TEST_RUN, with time as a parameter (candor_test_clock). Loaded once for the
// whole test binary, because freeing many programs can hang a kernel; Reset() between tests.
class Program {
 public:
  static Program& Shared();  // ends the process when it cannot be loaded: no test could mean anything

  // Runs one packet, from its IP header on, through the hook of `dir` at time `now`. Returns the program's
  // return value; adds the events it sent to *events.
  uint32_t Run(Time now, candor_dir dir, std::span<const uint8_t> ip, uint16_t segments,
               std::vector<FlowEvent>* events);

  bool Lookup(const FlowKey& key, FlowState* state) const;
  void Forget(const FlowKey& key) const;
  std::vector<std::pair<FlowKey, FlowState>> Flows() const;
  Counters CountersSinceReset() const;
  NodeActivity Activity() const;
  // Packets that the fast path dealt with since the load, by the counter of their kind.
  Counters FastPathCounts() const;
  uint32_t VerifiedInstructions(candor_dir dir) const;  // how many the verifier followed
  void Reset();                                         // no flows, counters as zero

 private:
  Program();
  flow_bpf* object_ = nullptr;  // lives as long as the process
  std::unique_ptr<EventRing> ring_;
  Counters base_{};
};

}  // namespace candor
