// SPDX-License-Identifier: Apache-2.0
//
// Evaluates one attempt: which events it causes, which side it waits on past its timeout, and its outcome.
// The tracker decides which flows belong to it. Pure; driven by AttemptTracker, on its thread.
#pragma once

#include "attempt/attempt_counts.h"
#include "attempt/attempt_event.h"
#include "attempt/attempt_options.h"
#include "attempt/open_attempt.h"
#include "attempt/plain_calls.h"
#include "attempt/waiting_on.h"

namespace candor {

class AttemptEvaluator {
 public:
  // `options` and `counts` must outlive the evaluator.
  AttemptEvaluator(const AttemptOptions& options, AttemptSink sink, AttemptCounts* counts)
      : options_(options),
        timeouts_{options.response_timeout, options.media_timeout},
        sink_(std::move(sink)),
        counts_(*counts),
        calls_(options.media_timeout, options.drop_silence, options.role) {}

  // Sends the events that the newest state brings, in the order of attempt_event.h.
  void Advance(OpenAttempt& o, Time now);
  // Applies timeouts and deadline; the states of its flows have just been looked up.
  void Check(OpenAttempt& o, Time now);
  // Idle for good, in any phase.
  void Finish(OpenAttempt& o, Time now);
  // Another attempt took its flow, or it is evicted at the bound.
  void Replace(OpenAttempt& o, Time now);
  // The media connection inside an allocation is an attempt of this same node: it counts, the allocation does
  // not.
  void YieldToInner(OpenAttempt& o, Time now);
  // It is no longer open.
  void Forget(const OpenAttempt& o) { CallsOf(o).Forget(o.attempt); }

 private:
  void Offer(OpenAttempt& o, Time now);
  bool WorthOffering(const OpenAttempt& o) const;
  void Reopen(OpenAttempt& o);
  void Activate(OpenAttempt& o, Time now);
  void CountIfReal(OpenAttempt& o);
  void CheckPending(OpenAttempt& o, Time now);
  WaitingOn WaitingOnOf(const OpenAttempt& o, Time now) const;
  LostReason LostNow(OpenAttempt& o, Time now) const;
  void CountLost(const OpenAttempt& o);
  bool StoppedServing(OpenAttempt& o, Time now);
  void CheckActive(OpenAttempt& o, Time now);
  void CheckRunning(OpenAttempt& o, Time now);
  void CheckReports(OpenAttempt& o, Time now);
  void Conclude(OpenAttempt& o, Time now);
  void Close(OpenAttempt& o, Time now, Outcome outcome);
  void CountOutcome(OpenAttempt& o);
  void Report(OpenAttempt& o, AttemptEvent::Kind kind, Time at) const;
  PlainCalls& CallsOf(const OpenAttempt& o) {
    return o.totals != nullptr && o.totals->calls ? *o.totals->calls : calls_;
  }
  const PlainCalls& CallsOf(const OpenAttempt& o) const {
    return o.totals != nullptr && o.totals->calls ? *o.totals->calls : calls_;
  }
  AttemptCounts& CountsOf(const OpenAttempt& o) { return o.totals != nullptr ? o.totals->counts : counts_; }

  const AttemptOptions& options_;
  Timeouts timeouts_;
  AttemptSink sink_;
  AttemptCounts& counts_;
  DtlsClientEstimate dtls_client_;
  PlainCalls calls_;
};

}  // namespace candor
