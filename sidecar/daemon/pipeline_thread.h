// SPDX-License-Identifier: Apache-2.0
//
// The pipeline thread: polls the source, feeds the pipeline, judges four times a second, publishes snapshots.
// Tests call Turn() instead of Start(), with their own clock.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/worker.h"
#include "daemon/facts_thread.h"
#include "flow/flow_source.h"
#include "pipeline/pipeline.h"
#include "selfreport/self_report.h"
#include "status/snapshot_store.h"

namespace candor::daemon {

struct PipelineThreadOptions {
  PipelineOptions pipeline;
  Duration longest_wait = std::chrono::milliseconds(25);  // a self-report is published within this
  // The same where Wake() ends a Poll(): twice per judgement.
  Duration longest_sleep = std::chrono::milliseconds(125);
  Duration lists_every = std::chrono::seconds(1);  // attempts and flows of a snapshot are renewed
  size_t list_limit = 1000;                        // of each
  FactsThread::Read read_facts = {};               // empty: none are read
};

// The source's clock, the wall clock (since 1970), the boot clock.
struct Clocks {
  std::function<Time()> now = &MonotonicNow;
  std::function<Duration()> wall = [] {
    return std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch());
  };
  std::function<Duration()> boot = &SinceBoot;  // goes on while the machine is suspended; `now` does not
};

class PipelineThread {
 public:
  // `snapshots` outlives this. `on_tick` is called on the driving thread after each judgement; may be empty.
  PipelineThread(PipelineThreadOptions options, std::unique_ptr<FlowSource> source, SnapshotStore& snapshots,
                 Clocks clocks, std::function<void()> on_tick);
  ~PipelineThread();  // Stop()
  PipelineThread(const PipelineThread&) = delete;
  PipelineThread& operator=(const PipelineThread&) = delete;

  // Thread-safe. The newest report is published within `longest_wait`, unless the thread is busy for longer.
  void SetSelfReport(SelfReport report);

  // Thread-safe. It is judged at the next tick.
  void SetReportedJoins(ReportedJoins read);

  // Thread-safe. Runs `task` on the thread, or at once when it was not started. False: it has not run within
  // `timeout`; it may run later, so it must own what it uses.
  bool Execute(std::function<void(Pipeline&)> task, Duration timeout);

  // One turn of the thread: waits for flows while nothing else is due, then does what is due.
  void Turn();

  void Start();
  // Returns within one Turn(), after the source is destroyed and its probes are out of the kernel.
  // Idempotent; one thread calls it.
  void Stop();

 private:
  void Deliver(Duration timeout);
  void Tick(Time now);
  void ExchangeFacts(Time now);
  void Publish(Time now);
  bool TakeSelfReport();
  void TakeReportedJoins();
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
  std::optional<FactsThread> facts_;
  std::optional<Duration> ahead_;  // the boot clock minus the source's clock, at the last tick
  Duration suspended_{};           // in total
  SelfReport self_;
  std::vector<AttemptView> attempts_;
  std::vector<FlowView> flows_;
  Blindness source_end_;  // the source's final error
  Time latest_{};         // of all events and ticks: the pipeline's time never runs backwards
  Time next_tick_{};
  Time next_lists_{};
  bool changed_ = false;  // the verdict changed since the last Publish()

  std::mutex mutex_;
  std::optional<SelfReport> new_report_;                    // guarded by mutex_
  std::optional<ReportedJoins> new_joins_;                  // guarded by mutex_
  std::vector<std::packaged_task<void(Pipeline&)>> tasks_;  // guarded by mutex_
  std::atomic<bool> running_ = false;
  Worker worker_;
};

}  // namespace candor::daemon
