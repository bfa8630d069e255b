// SPDX-License-Identifier: Apache-2.0
//
// Evidence becomes a verdict: pure, sequential, explained. No clock, no I/O, no thread of its own; one
// thread calls it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "attempt/attempt_event.h"
#include "base/result.h"
#include "flow/flow_source.h"
#include "verdict/judge_options.h"
#include "verdict/verdict.h"

namespace candor {

class Judge {
 public:
  explicit Judge(JudgeOptions options);
  ~Judge();
  Judge(Judge&&) noexcept;
  Judge& operator=(Judge&&) noexcept;

  // `e.at` must not run backwards by more than a microsecond against earlier events and ticks.
  void Observe(const AttemptEvent& e);

  // When the node's sockets last received and last sent anything at all (for the frozen-node detector).
  void ObserveNode(const NodeActivity& activity);

  // What the node's sockets lost until `counts.at`; the same counts again say nothing new.
  void ObserveSockets(const SocketCounts& counts);

  // Brings pending attempts' ages up to `now` and decides. Call at least every JudgeOptions::tick; the
  // judge also decides inside Observe() when an event is worth it.
  const Verdict& Tick(Time now);

  const Verdict& verdict() const;

  // Attempts that have counted since start (the node acknowledged them, no retries).
  uint64_t counted() const;
  // Open attempts pushed out by JudgeOptions::max_attempts since start.
  uint64_t evicted() const;

  // What is usual on this node, and an alarm in force, as a small versioned text that outlives the process.
  std::string SaveBaseline() const;
  // Takes up what SaveBaseline() gave `age` before `now`. Damaged or foreign text is an error and changes
  // nothing. FAILING and PROBATION go on for as long as they would have been held; else it starts UNKNOWN.
  Result<void> RestoreBaseline(std::string_view text, Duration age, Time now);
  // Forgets what is usual, for instance after the node was given other clients.
  void ResetBaseline();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
