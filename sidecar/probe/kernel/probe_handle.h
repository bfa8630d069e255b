// SPDX-License-Identifier: Apache-2.0
//
// The loaded BPF object as KernelSource needs it; tests put an in-memory one in its place.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "flow/flow_source.h"
#include "probe/drops/drop_reader.h"

namespace candor {

// One thread drives a port.
class ProbeHandle {
 public:
  virtual ~ProbeHandle() = default;

  // At most some thousands of events, so that a flood cannot keep the caller; waits for them
  // (EventRing::Poll).
  virtual Result<size_t> PollRing(Duration timeout, const std::function<void(const FlowEvent&)>& sink) = 0;

  // Readable when PollRing() would come back at once; -1: nothing of the kind.
  virtual int RingDescriptor() const { return -1; }

  virtual bool Lookup(const FlowKey& key, FlowState* state) = 0;
  virtual bool Erase(const FlowKey& key) = 0;  // false: there was none
  // Returns the number of flows visited, or an error when the map could not be read to its end.
  virtual Result<size_t> ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) = 0;
  virtual Result<Counters> ReadCounters() = 0;
  virtual NodeActivity ReadActivity() = 0;

  // Attaches to the watched cgroup as it is now; not blind when that succeeded.
  virtual Blindness Attach() = 0;
  // Whether the links still hold the cgroup that the path names now.
  virtual bool StillAttached() = 0;
  virtual std::string Target() const = 0;  // the cgroup's path

  // False while the candord before this one still reads the ring; true once it never will again.
  virtual bool OwnsRing() { return true; }
};

// What a loader thread hands over: a port, or why there is none.
struct LoadResult {
  std::unique_ptr<ProbeHandle> port;
  Blindness blindness;                     // of the load, or of the first attach
  bool taken_over = false;                 // the flow map is an earlier process's: read it before the ring
  std::vector<std::string> warnings = {};  // as in SourceHealth: what came of the pins
  std::vector<std::string> notes = {};
  LoadedDrops drops = {nullptr, "it was not asked for", {}};
};

}  // namespace candor
