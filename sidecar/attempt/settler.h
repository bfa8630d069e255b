// SPDX-License-Identifier: Apache-2.0
//
// What becomes of one attempt: when the judge hears of it, who owes past patience, and how it ends. Which
// flows it has is the tracker's business. Pure; driven by AttemptTracker, on its thread.
#pragma once

#include <functional>

#include "attempt/attempt.h"
#include "attempt/attempt_event.h"
#include "attempt/attempt_tracker.h"
#include "attempt/attempt_view.h"
#include "attempt/owes.h"

namespace candor {

// What is remembered beside the attempt itself.
struct OpenAttempt {
  Attempt attempt;
  Time next_look{};
  Phase counted_as = Phase::kNone;  // among the open ones by phase
  Phase told = Phase::kNone;        // what the judge last heard of it
  bool real = false;                // counted among the attempts
  bool offered = false;             // told the judge
  bool vouched = false;
  bool active = false;
  bool closed = false;   // told the judge that it is over, or that it died
  bool muted = false;    // began before Candor did: the judge never hears of it
  bool carries = false;  // an allocation that carries another attempt of this node: that one counts
  bool young = false;    // active, and a drop would still be an early one
  Outcome outcome = Outcome::kPending;
  Owed owed = Owed::kNone;
  bool alive = true;
};

// How many share what looks at active attempts may cost.
struct Crowd {
  size_t open = 0;
  size_t young = 0;  // of them: OpenAttempt::young
};

class Settler {
 public:
  // `counts` must outlive the settler.
  Settler(const AttemptOptions& options, AttemptTracker::Sink sink, AttemptCounts* counts)
      : options_(options),
        patience_{options.patience, options.media_patience},
        sink_(std::move(sink)),
        counts_(*counts) {}

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

  // How long until the attempt is worth another look. Of active ones only so many are looked at each second,
  // however many there are, but each in time for IdleAt().
  Duration Pace(const OpenAttempt& o, Time now, const Crowd& crowd) const;
  // When it is forgotten, unless something is heard of it before.
  Time IdleAt(const OpenAttempt& o) const;
  // Active, and the node's falling silent would be an early drop.
  bool IsYoung(const OpenAttempt& o, Time now) const;

 private:
  void Offer(OpenAttempt& o, Time now);
  bool WorthOffering(const OpenAttempt& o) const;
  void Activate(OpenAttempt& o, Time now);
  void CountAsReal(OpenAttempt& o);
  void CheckPending(OpenAttempt& o, Time now);
  void CheckActive(OpenAttempt& o, Time now);
  void Settle(OpenAttempt& o, Time now);
  void Close(OpenAttempt& o, Time now, Outcome outcome);
  void Tell(OpenAttempt& o, AttemptEvent::Kind kind, Time at) const;
  bool OthersAreServed(const Attempt& a) const;

  const AttemptOptions& options_;
  Patience patience_;
  AttemptTracker::Sink sink_;
  AttemptCounts& counts_;
  DtlsHabit habit_;
  Time plain_out_{};  // when the node last sent plain media, to whomever
};

}  // namespace candor
