// SPDX-License-Identifier: Apache-2.0
//
// How often open attempts are looked at: pending ones as often as the judge judges, active ones rarely, and
// however many there are, only so many a second. Pure functions.
#pragma once

#include "attempt/attempt_tracker.h"
#include "attempt/open_attempt.h"

namespace candor {

// How many share what looks at attempts may cost.
struct OpenCounts {
  size_t open = 0;
  size_t young = 0;  // of them: OpenAttempt::young
};

// How long until the attempt is worth another look, in time for IdleAt().
Duration LookInterval(const OpenAttempt& o, const AttemptOptions& options, Time now,
                      const OpenCounts& sharing);
// When it is forgotten, unless something is heard of it before.
Time IdleAt(const OpenAttempt& o, const AttemptOptions& options);
// Active, and the node's falling silent would be an early drop.
bool IsYoung(const OpenAttempt& o, const AttemptOptions& options, Time now);

// An allocation that was answered and of which the judge has no need to hear: it owes nothing, however long.
bool IsIdleAllocation(const OpenAttempt& o);
// One side of a plain call sends media and nothing says that the other one has to: it rings, or only records.
bool IsLegallySilent(const OpenAttempt& o, const AttemptOptions& options, Time now);

}  // namespace candor
