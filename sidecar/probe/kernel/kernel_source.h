// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/event_fd.h"
#include "flow/flow_source.h"
#include "probe/kernel/probe_handle.h"
#include "probe/load/deadline_task.h"
#include "probe/load/executor.h"
#include "probe/probe_options.h"
#include "probe/sockets/socket_reader.h"

namespace candor {

// Flows from the kernel. Making one returns at once: the BPF object is loaded on a thread of its own, which
// may hang for ever, and Health() says "loading" or "load_timeout" meanwhile. Poll() never fails for want of
// sight; it waits its timeout and Health() tells why nothing comes. A load that returns late is still taken.
//
// When NeedsSweep(), call ForEach(): the flow map holds the whole truth, and reading it ends the blindness
// "ring_overflow" or "catching_up". With ProbeOptions::pin the probes stay in the kernel when the process is
// killed, and the next one takes them over; at a clean end they leave with this object.
class KernelSource final : public FlowSource {
 public:
  enum class Stage {
    kLoading,  // no answer from the kernel yet
    kLoaded,   // in the kernel; attached or waiting for its cgroup, as Health() tells
    kFailed,   // will never see; `source: auto` may turn to a capture
  };
  using Loader = std::function<LoadResult()>;
  using Clock = std::function<Time()>;

  // `run` is where the kernel is asked for what needs capabilities.
  explicit KernelSource(const ProbeOptions& options, const Executor& run = ThreadForEach());
  // For tests: another loader, another clock.
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
  SourceHealth Health() const override;  // thread-safe

  Stage stage() const;  // thread-safe

 private:
  void AwaitLoad(Duration timeout);
  void TakeLoadResult(LoadResult loaded, Time now);
  bool MayReadRing() const { return owns_ring_ && !unread_; }
  void Check(Time now);
  void CheckAttachment();
  void CheckSockets();
  void TakeDrops(LoadedDrops loaded);
  void CheckDrops(Time now);
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

  // Of the driving thread only.
  Blindness load_ = {};
  Blindness attach_ = {};
  Blindness reading_ = {};
  std::vector<std::string> load_warnings_, load_notes_;
  std::vector<std::string> forwarding_;
  Counters counters_{};
  SocketReader sockets_;
  SocketEvidence socket_evidence_;
  std::unique_ptr<DropReader> drops_;
  std::function<std::optional<LoadedDrops>()> late_drops_;
  DropEvidence drop_evidence_;
  bool owns_ring_ = true;     // false: the candord before this one still reads it
  bool unread_ = false;       // the flow map is an earlier process's and was not read yet
  uint64_t lost_before_ = 0;  // events lost before this process came
  uint64_t reconciled_ = 0;   // lost events that a later sweep made good
  uint64_t forgotten_ = 0;    // flows erased by us
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
