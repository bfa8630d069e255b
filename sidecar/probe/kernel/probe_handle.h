// SPDX-License-Identifier: Apache-2.0
//
// The loaded BPF object as KernelSource uses it; tests use an in-memory one.
// Tested in tests/probe/kernel/kernel_source_test.cc.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "flow/flow_source.h"
#include "probe/drops/drop_reader.h"
#include "probe/sessions/session_reader.h"

namespace candor {

// Used by one thread.
class ProbeHandle {
 public:
  virtual ~ProbeHandle() = default;

  // Delivers at most some thousands of events, so that a flood does not keep the caller; waits as
  // EventRing::Poll().
  virtual Result<size_t> PollRing(Duration timeout, const std::function<void(const FlowEvent&)>& sink) = 0;

  // Readable when PollRing() would not wait; -1: none.
  virtual int RingDescriptor() const { return -1; }

  virtual bool Lookup(const FlowKey& key, FlowState* state) = 0;
  virtual bool Erase(const FlowKey& key) = 0;  // false: there is no such flow
  // Returns the number of flows visited; an error when the map cannot be read to its end.
  virtual Result<size_t> ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) = 0;
  virtual Result<Counters> ReadCounters() = 0;
  virtual NodeActivity ReadActivity() = 0;

  // Attaches to the watched cgroup; not blind on success.
  virtual Blindness Attach() = 0;
  // Whether the links are still attached to the cgroup that the path names now.
  virtual bool StillAttached() = 0;
  virtual std::string Target() const = 0;  // the cgroup's path

  // False while the previous candord reads the ring; true after its end.
  virtual bool OwnsRing() { return true; }
};

// The result of a load: a probe, or the reason why there is none.
struct LoadResult {
  std::unique_ptr<ProbeHandle> probe;
  Blindness blindness;                     // by the load, or by the first attach
  bool taken_over = false;                 // the flow map is an earlier process's: read it before the ring
  std::vector<std::string> warnings = {};  // as in SourceHealth
  std::vector<std::string> notes = {};
  LoadedDrops drops = {nullptr, "it was not requested", {}};
  LoadedSessions sessions = {nullptr, "it was not requested"};
};

}  // namespace candor
