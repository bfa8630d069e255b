// SPDX-License-Identifier: Apache-2.0
//
// The source of flows: the kernel (probe/), a live capture or a capture file (replay/). All compile the same
// bpf/ headers. One thread uses a source; other threads may call Health() and Wake() only.
// Tested in tests/probe/kernel/kernel_source_test.cc, tests/replay.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "flow/cgroup_info.h"
#include "flow/counters.h"
#include "flow/flow.h"
#include "flow/lost_packet.h"
#include "flow/session_counts.h"
#include "flow/socket_counts.h"

namespace candor {

// Why the source cannot observe traffic: a stable `code` ("no_btf", "load_timeout", "ring_overflow", ...) and
// a `text` with the remediation. Empty code: it can.
struct Blindness {
  std::string code;
  std::string text;
  bool blind() const { return !code.empty(); }
};

struct SourceHealth {
  std::string kind;    // "bpf", "pcap", "file"
  std::string target;  // what is watched: cgroup path, interface, file
  Blindness blindness;
  std::vector<std::string> warnings;  // missing evidence, lost packets, a substitute source
  std::vector<std::string> notes;     // other information for operators
  Counters counters{};
  uint64_t flows_open = 0;     // entries in the flow map as of the last sweep
  uint64_t flows_max = 0;      // its bound
  uint64_t flows_evicted = 0;  // evicted at the bound
  SocketEvidence sockets;
  SessionCounts sessions;
};

// The last packet in and out of any media socket of the node. Time{}: never.
struct NodeActivity {
  Time last_in{};
  Time last_out{};
};

class FlowSource {
 public:
  virtual ~FlowSource() = default;

  // Delivers pending events, oldest first per flow, and waits at most `timeout` for the first one. Returns
  // the number of events delivered. An error is final for this source.
  virtual Result<size_t> Poll(Duration timeout, const std::function<void(const FlowEvent&)>& sink) = 0;

  // Ends the wait of the current Poll(), or else of the next one. Thread-safe.
  virtual void Wake() {}
  // Whether Wake() works at present; otherwise Poll() returns at its timeout.
  virtual bool CanWake() const { return false; }

  // The flow's current state; false when the source does not have the flow.
  virtual bool Lookup(const FlowKey& key, FlowState* state) = 0;

  // The caller no longer needs this flow; the source may delete it.
  virtual void Forget(const FlowKey& key) = 0;

  // Calls `visit` for every flow, to reconcile after lost events and after a restart.
  virtual void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) = 0;
  // Whether flows have changed without events: call ForEach().
  virtual bool NeedsSweep() const { return false; }

  virtual NodeActivity Activity() = 0;
  // As last read; zeros for a source without socket evidence.
  virtual SocketCounts Sockets() { return {}; }
  // Delivers the packets that the kernel dropped since the last call, oldest first; at most as many a second
  // as the source states. Those beyond are counted only.
  virtual void TakeLost(const std::function<void(const LostPacket&)>& /*sink*/) {}
  // As last read, once a second.
  virtual SessionCounts Sessions() { return {}; }
  // The cgroup that `id` (candor_flow.cgroup_id) names. Nothing where the source does not know it; a source
  // bounds how often it searches for one.
  virtual CgroupInfo Cgroup(uint64_t /*id*/) { return {}; }
  virtual SourceHealth Health() const = 0;  // thread-safe
};

}  // namespace candor
