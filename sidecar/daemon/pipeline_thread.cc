// SPDX-License-Identifier: Apache-2.0
#include "daemon/pipeline_thread.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace candor::daemon {
namespace {

constexpr Duration kShortestSuspend = std::chrono::seconds(1);

}  // namespace

PipelineThread::PipelineThread(PipelineThreadOptions options, std::unique_ptr<FlowSource> source,
                               SnapshotStore& snapshots, Clocks clocks, std::function<void()> on_tick)
    : options_(std::move(options)),
      source_(std::move(source)),
      snapshots_(snapshots),
      clocks_(std::move(clocks)),
      on_tick_(std::move(on_tick)),
      pipeline_(MakePipeline()) {
  if (options_.read_facts) facts_.emplace(options_.read_facts);
}

PipelineThread::~PipelineThread() { Stop(); }

std::unique_ptr<Pipeline> PipelineThread::MakePipeline() {
  auto line =
      std::make_unique<Pipeline>(options_.pipeline, [this](uint64_t id) { return source_->Cgroup(id); });
  line->Begin(clocks_.now());
  return line;
}

void PipelineThread::SetSelfReport(SelfReport report) {
  {
    const std::lock_guard lock(mutex_);
    new_report_ = std::move(report);
    if (source_) source_->Wake();
  }
}

void PipelineThread::SetReportedJoins(ReportedJoins read) {
  const std::lock_guard lock(mutex_);
  new_joins_ = std::move(read);
}

bool PipelineThread::Execute(std::function<void(Pipeline&)> task, Duration timeout) {
  if (!running_) {
    task(*pipeline_);
    return true;
  }
  std::packaged_task<void(Pipeline&)> job(std::move(task));
  const auto done = job.get_future();
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(job));
    if (source_) source_->Wake();
  }
  return done.wait_for(timeout) == std::future_status::ready;
}

void PipelineThread::RunTasks() {
  std::vector<std::packaged_task<void(Pipeline&)>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (auto& task : tasks) task(*pipeline_);
}

void PipelineThread::Turn() {
  RunTasks();
  const Duration longest =
      source_->CanWake() && !source_end_.blind() ? options_.longest_sleep : options_.longest_wait;
  Deliver(std::clamp(next_tick_ - clocks_.now(), Duration::zero(), longest));
  const Time now = latest_ = std::max(latest_, clocks_.now());
  const bool reported = TakeSelfReport();
  if (now >= next_tick_) {
    Tick(now);
  } else if (reported || changed_) {
    Publish(now);
  }
}

// The rings of several CPUs have no common order, and an event from before a tick may be read after it: such
// an event gets the time of that tick.
void PipelineThread::Deliver(Duration timeout) {
  if (source_end_.blind()) {
    std::this_thread::sleep_for(timeout);
    return;
  }
  const auto polled = source_->Poll(timeout, [this](const FlowEvent& e) {
    latest_ = std::max(latest_, e.at);
    FlowEvent ordered = e;
    ordered.at = latest_;
    if (!pipeline_->OnFlow(ordered).empty()) changed_ = true;
  });
  if (!polled) {
    source_end_ = {"source_failed", polled.error().message + "; restart candord when this is repaired"};
  }
}

void PipelineThread::Tick(Time now) {
  next_tick_ = now + options_.pipeline.judge.tick;
  DetectSuspend(now);
  if (source_->NeedsSweep()) pipeline_->Reconcile(now, *source_);
  TakeReportedJoins();
  pipeline_->Tick(now, *source_);
  if (facts_) ExchangeFacts(now);
  if (now >= next_lists_) {
    next_lists_ = now + options_.lists_every;
    attempts_ = pipeline_->tracker().Attempts(options_.list_limit);
    flows_ = pipeline_->tracker().Flows(options_.list_limit);
  }
  Publish(now);
  if (on_tick_) on_tick_();
}

void PipelineThread::ExchangeFacts(Time now) {
  for (const ServerFacts& read : facts_->Take()) pipeline_->ObserveFacts(read);
  if (auto due = pipeline_->DueFacts(now); !due.empty()) facts_->Ask(std::move(due));
}

void PipelineThread::DetectSuspend(Time now) {
  const Duration ahead = clocks_.boot() - clocks_.now().time_since_epoch();
  const Duration suspended = ahead - ahead_.value_or(ahead);
  ahead_ = ahead;
  if (suspended < kShortestSuspend) return;
  suspended_ += suspended;
  RestartPipeline(now);
}

// Calls that were open before the suspend have ended without a fault of the node: their flows and attempts
// are dropped, and the baseline is as old as the suspend was long.
void PipelineThread::RestartPipeline(Time now) {
  const std::vector<ServerBaseline> baselines = pipeline_->SaveBaselines();
  std::vector<FlowKey> flows;
  source_->ForEach([&](const FlowKey& key, const FlowState&) { flows.push_back(key); });
  for (const FlowKey& key : flows) source_->Forget(key);
  pipeline_ = MakePipeline();
  // A baseline that cannot be read is learned again, as after a restart.
  static_cast<void>(pipeline_->RestoreBaselines(baselines, suspended_, now));
  next_lists_ = now;
}

void PipelineThread::Publish(Time now) {
  changed_ = false;
  Snapshot s;
  s.verdict = pipeline_->verdict();
  s.self = self_;
  s.source = Health();
  s.counts = pipeline_->tracker().counts();
  s.servers = pipeline_->servers();
  s.attempts = attempts_;
  s.flows = flows_;
  s.to_wall = clocks_.wall() - now.time_since_epoch();
  s.to_boot = clocks_.boot() - now.time_since_epoch();
  snapshots_.Publish(std::move(s));
}

bool PipelineThread::TakeSelfReport() {
  const std::lock_guard lock(mutex_);
  if (!new_report_) return false;
  self_ = std::move(*new_report_);
  new_report_.reset();
  return true;
}

void PipelineThread::TakeReportedJoins() {
  std::optional<ReportedJoins> read;
  {
    const std::lock_guard lock(mutex_);
    read.swap(new_joins_);
  }
  if (read) pipeline_->ObserveReportedJoins(*read);
}

SourceHealth PipelineThread::Health() const {
  SourceHealth health = source_->Health();
  if (source_end_.blind()) health.blindness = source_end_;
  for (std::string& note : pipeline_->Notes()) health.notes.push_back(std::move(note));
  if (suspended_ > Duration::zero()) {
    health.notes.push_back(
        fmt::format("the machine was suspended for {:.0f} s: attempts that were open then are not judged, "
                    "and earlier evidence is "
                    "out of date",
                    Seconds(suspended_)));
  }
  return health;
}

void PipelineThread::Start() {
  running_ = true;
  const auto turn = [this](const std::stop_token& stop) {
    while (!stop.stop_requested()) Turn();
  };
  worker_ = Worker(turn, "candor-pipeline");
}

void PipelineThread::Stop() {
  worker_.RequestStop();
  if (source_) source_->Wake();
  worker_.Stop();
  running_ = false;
  const std::lock_guard lock(mutex_);
  source_.reset();
}

}  // namespace candor::daemon
