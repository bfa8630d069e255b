// SPDX-License-Identifier: Apache-2.0
//
// The one pipeline thread: polls the source, feeds the line, judges four times a second, publishes on the
// SnapshotStore. Turn() is one round of it, so that tests drive it by hand with a clock of their own.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "flow/flow_source.h"
#include "pipeline/pipeline.h"
#include "selfreport/self_report.h"
#include "status/snapshot_store.h"

namespace candor::daemon {

struct PipelineThreadOptions {
  PipelineOptions pipeline;
  Duration longest_wait = std::chrono::milliseconds(25);  // a self-report is published within this
  // The same where the source can be woken: twice a judgement, since what condemns is found in judgements.
  Duration longest_sleep = std::chrono::milliseconds(125);
  Duration lists_every = std::chrono::seconds(1);  // attempts and flows for people
  size_t list_limit = 1000;                        // of each
};

// The source's clock, and the wall clock since the epoch.
struct Clocks {
  std::function<Time()> now = &MonotonicNow;
  std::function<Duration()> wall = [] {
    return std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch());
  };
  std::function<Duration()> boot = &SinceBoot;  // runs ahead of `now` while the machine sleeps
};

class PipelineThread {
 public:
  // `snapshots` outlives this. `on_tick` is called on the driving thread after each judgement; may be empty.
  PipelineThread(PipelineThreadOptions options, std::unique_ptr<FlowSource> source, SnapshotStore& snapshots,
                 Clocks clocks, std::function<void()> on_tick);
  ~PipelineThread();  // Stop()
  PipelineThread(const PipelineThread&) = delete;
  PipelineThread& operator=(const PipelineThread&) = delete;

  // Thread-safe: the newest report is on the SnapshotStore within `longest_wait`, or as soon as it can be.
  void SetSelfReport(SelfReport report);

  // Runs `task` with the pipeline on the driving thread, or at once when none is running. False: it has not
  // run within `patience`; it may run later, so it must own what it touches.
  bool Do(std::function<void(Pipeline&)> task, Duration patience);

  // Waits for flows as long as nothing else is due, then does what is due.
  void Turn();

  void Start();  // Turn() after Turn() on a thread of its own
  // Returns within one Turn(), with the source ended: what it has in the kernel is gone then, however long
  // the clients of the servers take to leave. Idempotent; one thread calls it.
  void Stop();

 private:
  void Deliver(Duration timeout);
  void Tick(Time now);
  void Publish(Time now);
  bool TakeSelfReport();
  void RunTasks();
  void DetectSuspend(Time now);
  void RestartPipeline(Time now);
  std::unique_ptr<Pipeline> MakePipeline();
  SourceHealth Health() const;

  const PipelineThreadOptions options_;
  std::unique_ptr<FlowSource> source_;  // null once stopped; guarded by mutex_ for Wake() and for its end
  SnapshotStore& snapshots_;
  const Clocks clocks_;
  const std::function<void()> on_tick_;

  // Of the driving thread only.
  std::unique_ptr<Pipeline> pipeline_;
  std::optional<Duration> ahead_;  // of the boot clock before the source's
  Duration slept_{};               // altogether
  SelfReport self_;
  std::vector<AttemptView> attempts_;
  std::vector<FlowView> flows_;
  Blindness source_end_;  // the source's final error
  Time latest_{};         // of all events and ticks: the line's time never runs backwards
  Time next_tick_{};
  Time next_lists_{};
  bool changed_ = false;  // the verdict changed since the last Publish()

  std::mutex mutex_;
  std::optional<SelfReport> told_;                          // guarded by mutex_
  std::vector<std::packaged_task<void(Pipeline&)>> tasks_;  // guarded by mutex_
  std::atomic<bool> running_ = false;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace candor::daemon
