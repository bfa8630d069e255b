// SPDX-License-Identifier: Apache-2.0
//
// What becomes of one attempt: when the judge hears of it, who owes past response_timeout, and how it ends.
// Which flows it has is the tracker's business. Pure; driven by AttemptTracker, on its thread.
#pragma once

#include <functional>

#include "attempt/attempt_counts.h"
#include "attempt/attempt_event.h"
#include "attempt/attempt_tracker.h"
#include "attempt/open_attempt.h"
#include "attempt/plain_calls.h"
#include "attempt/waiting_on.h"

namespace candor {

class AttemptEvaluator {
 public:
  // `options` and `counts` must outlive the evaluator.
  AttemptEvaluator(const AttemptOptions& options, AttemptTracker::Sink sink, AttemptCounts* counts)
      : options_(options),
        timeouts_{options.response_timeout, options.media_timeout},
        sink_(std::move(sink)),
        counts_(*counts),
        calls_(options.media_timeout, options.drop_silence) {}

  // Tells the judge what the newest state brought, in the order of an attempt's life.
  void Advance(OpenAttempt& o, Time now);
  // The states are as fresh as they can be: who owes, and is it over?
  void Check(OpenAttempt& o, Time now);
  // Idle for good, in whatever phase.
  void Finish(OpenAttempt& o, Time now);
  // Somebody else took over.
  void Replace(OpenAttempt& o, Time now);
  // Too many are open: nothing more is known of this one.
  void Evict(OpenAttempt& o, Time now);
  // The media connection inside an allocation is an attempt of this very node: it counts, the allocation does
  // not.
  void YieldToInner(OpenAttempt& o, Time now);
  // It is open no longer.
  void Forget(const OpenAttempt& o) { calls_.Forget(o.attempt); }

 private:
  void Offer(OpenAttempt& o, Time now);
  bool WorthOffering(const OpenAttempt& o) const;
  void Reopen(OpenAttempt& o);
  void Activate(OpenAttempt& o, Time now);
  void CountIfReal(OpenAttempt& o);
  void CheckPending(OpenAttempt& o, Time now);
  WaitingOn WaitingOnOf(const OpenAttempt& o, Time now) const;
  void CheckActive(OpenAttempt& o, Time now);
  void Conclude(OpenAttempt& o, Time now);
  void Close(OpenAttempt& o, Time now, Outcome outcome);
  void CountOutcome(OpenAttempt& o);
  void Report(OpenAttempt& o, AttemptEvent::Kind kind, Time at) const;

  const AttemptOptions& options_;
  Timeouts timeouts_;
  AttemptTracker::Sink sink_;
  AttemptCounts& counts_;
  DtlsClientEstimate dtls_client_;
  PlainCalls calls_;
};

}  // namespace candor
