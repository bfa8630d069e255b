// SPDX-License-Identifier: Apache-2.0
//
// How often the state of open attempts is looked up: pending ones with every judgement, active ones rarely,
// and with an upper limit of look-ups a second for all. Pure functions.
#pragma once

#include "attempt/attempt_options.h"
#include "attempt/open_attempt.h"

namespace candor {

// Of active attempts, with no more open than the limits allow: while a drop would be an early one, and later.
inline constexpr Duration kYoungLook = std::chrono::seconds(1), kRareLook = std::chrono::seconds(5);

// The attempts that share the limits.
struct OpenCounts {
  size_t open = 0;
  size_t young = 0;  // of them: OpenAttempt::young
};

// The time until the next look-up, no later than IdleAt().
Duration LookInterval(const OpenAttempt& o, const AttemptOptions& options, Time now,
                      const OpenCounts& counts);
// When it is forgotten, unless a packet comes before.
Time IdleAt(const OpenAttempt& o, const AttemptOptions& options);
// Active, and silence of the node would be an early drop.
bool IsYoung(const OpenAttempt& o, const AttemptOptions& options, Time now);

// An answered allocation with no side waited on: it is not reported, however long it stays so.
bool IsIdleAllocation(const OpenAttempt& o);
// A plain call in which one side sends media and the other need not: it rings, or is recorded.
bool IsPermittedSilence(const OpenAttempt& o, const AttemptOptions& options, Time now);

}  // namespace candor
