// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/event_fd.h"
#include "flow/flow_source.h"
#include "probe/cgroups/cgroup_tree.h"
#include "probe/kernel/probe_handle.h"
#include "probe/kernel/wrong_cgroup.h"
#include "probe/load/deadline_task.h"
#include "probe/load/executor.h"
#include "probe/probe_options.h"
#include "probe/sessions/session_counter.h"
#include "probe/sockets/socket_reader.h"

namespace candor {

// Flows from the kernel. The constructor returns at once: the BPF object is loaded on its own thread, which
// may block for ever; Health() has "loading" or "load_timeout" meanwhile. Without probes Poll() does not
// fail: it waits its timeout, and Health() has the reason. The result of a late load is used.
//
// When NeedsSweep(), call ForEach(): the flow map has all current states, and reading it ends "ring_overflow"
// and "catching_up". With ProbeOptions::pin the probes stay in the kernel when the process is killed, and the
// next process takes them over; at a clean end they are removed with this object.
class KernelSource final : public FlowSource {
 public:
  enum class Stage {
    kLoading,  // the load has not returned
    kLoaded,   // loaded; Health() has whether it is attached
    kFailed,   // failed for good; `source: auto` may use a capture instead
  };
  using Loader = std::function<LoadResult()>;
  using Clock = std::function<Time()>;

  // `run` executes the calls that need capabilities.
  explicit KernelSource(const ProbeOptions& options, const Executor& run = ThreadForEach());
  // For tests.
  KernelSource(const ProbeOptions& options, Loader loader, Clock clock,
               const Executor& run = ThreadForEach());

  Result<size_t> Poll(Duration timeout, const std::function<void(const FlowEvent&)>& sink) override;
  void Wake() override { wake_.Signal(); }
  bool CanWake() const override;
  bool Lookup(const FlowKey& key, FlowState* state) override;
  void Forget(const FlowKey& key) override;
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override;
  bool NeedsSweep() const override;
  NodeActivity Activity() override;
  SocketCounts Sockets() override;
  void TakeLost(const std::function<void(const LostPacket&)>& sink) override;
  SessionCounts Sessions() override { return sessions_.counts(); }
  CgroupInfo Cgroup(uint64_t id) override;
  SourceHealth Health() const override;  // thread-safe

  Stage stage() const;  // thread-safe

 private:
  void AwaitLoad(Duration timeout);
  void TakeLoadResult(LoadResult loaded, Time now);
  bool MayReadRing() const { return owns_ring_ && !unread_; }
  void Check(Time now);
  void CheckAttachment();
  void CheckSockets();
  void CheckPlace(Time now);
  WatchFacts ReadFacts(bool with_sockets) const;
  void TakeDrops(LoadedDrops loaded);
  void CheckDrops(Time now);
  void CheckSessions(Time now);
  void Sweep(Time now);
  void CountFlows(size_t live, const Counters& before);
  void DrainBeforeSweep();
  Blindness Worst() const;
  std::vector<std::string> Notes() const;
  void Publish();

  const ProbeOptions options_;
  const Clock clock_;
  const Time started_;
  DeadlineTask<LoadResult> task_;
  const EventFd wake_;
  std::unique_ptr<ProbeHandle> probe_;

  // Used by the polling thread only.
  Blindness load_ = {};
  Blindness attach_ = {};
  Blindness reading_ = {};
  std::vector<std::string> load_warnings_, load_notes_;
  std::vector<std::string> forwarding_;
  Counters counters_{};
  SocketReader sockets_;
  std::optional<CgroupTree> cgroups_;  // once one was asked for
  SocketEvidence socket_evidence_;
  std::unique_ptr<DropReader> drops_;
  std::function<std::optional<LoadedDrops>()> late_drops_;
  DropEvidence drop_evidence_;
  WrongCgroup wrong_cgroup_;
  SessionCounter sessions_;
  bool owns_ring_ = true;     // false: the previous candord still reads it
  bool unread_ = false;       // the flow map of an earlier process has not been read yet
  uint64_t lost_before_ = 0;  // events lost before this process
  uint64_t reconciled_ = 0;   // lost events that a later sweep reconciled
  uint64_t forgotten_ = 0;    // flows erased by this process
  uint64_t reattached_ = 0;
  uint64_t open_ = 0;
  uint64_t evicted_ = 0;
  bool was_attached_ = false;
  Time next_check_{};
  Time next_sweep_{};

  mutable std::mutex mutex_;
  SourceHealth health_;            // guarded by mutex_
  Stage stage_ = Stage::kLoading;  // guarded by mutex_
};

}  // namespace candor
