// SPDX-License-Identifier: Apache-2.0
//
// Where flows come from: the kernel (probe/), a live capture or a capture file (replay/). All run the very
// same bpf/ headers. One thread drives a source; only Health() and Wake() may be called from others.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "flow/counters.h"
#include "flow/flow.h"
#include "flow/socket_counts.h"

namespace candor {

// Why the probes cannot see; `code` is stable for machines ("no_btf", "load_timeout", "ring_overflow", ...),
// `text` says it to people with the remediation. Empty code: seeing.
struct Blindness {
  std::string code;
  std::string text;
  bool blind() const { return !code.empty(); }
};

struct SourceHealth {
  std::string kind;    // "bpf", "pcap", "file"
  std::string target;  // what is watched: cgroup path, interface, file
  Blindness blindness;
  std::vector<std::string> warnings;  // for people, to see to: evidence missing, packets lost, a substitute
  std::vector<std::string> notes;     // for people: what else is worth knowing
  Counters counters{};
  uint64_t flows_open = 0;     // entries in the flow map as of the last sweep
  uint64_t flows_max = 0;      // its bound
  uint64_t flows_evicted = 0;  // pushed out by the bound
  SocketEvidence sockets;
};

// When anything last reached, or left, any media socket of the node. Time{} = never.
struct NodeActivity {
  Time last_in{};
  Time last_out{};
};

class FlowSource {
 public:
  virtual ~FlowSource() = default;

  // Delivers what has happened, oldest first per flow, waiting at most `timeout` for a first event.
  // Returns the number of events delivered. An error is final for this source.
  virtual Result<size_t> Poll(Duration timeout, const std::function<void(const FlowEvent&)>& sink) = 0;

  // Thread-safe: the Poll() that waits now, or else the next one, comes back at once.
  virtual void Wake() {}
  // Whether Wake() does so now; where it does not, the driver is reached when a Poll()'s timeout is over.
  virtual bool CanWake() const { return false; }

  // The flow's present state; false when the source no longer has it.
  virtual bool Lookup(const FlowKey& key, FlowState* state) = 0;

  // The tracker is done with this flow; the source may reuse its place.
  virtual void Forget(const FlowKey& key) = 0;

  // Calls `visit` for every flow: for reconciliation after lost events and after a restart.
  virtual void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) = 0;
  // Whether flows have changed of which no event tells: call ForEach().
  virtual bool NeedsSweep() const { return false; }

  virtual NodeActivity Activity() = 0;
  // As last read; a source without socket evidence has none.
  virtual SocketCounts Sockets() { return {}; }
  virtual SourceHealth Health() const = 0;  // thread-safe
};

}  // namespace candor
