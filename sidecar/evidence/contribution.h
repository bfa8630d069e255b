// SPDX-License-Identifier: Apache-2.0
//
// What one attempt contributes to the sequential test of a detector: a success, a failure, its age while it
// is pending, or nothing. sidecar/verdict/README.md states the rule. Pure functions, thread-safe.
#pragma once

#include <cstdint>

#include "evidence/attempt_record.h"
#include "evidence/detector.h"

namespace candor {

struct Contribution {
  enum class Kind : uint8_t { kNeutral, kSuccess, kFailure, kPending };
  Kind kind = Kind::kNeutral;
  float weight = 1;  // of a failure or a pending age; lower where the peer is waited on

  bool operator==(const Contribution&) const = default;
};

struct ContributionOptions {
  Duration deadline = std::chrono::seconds(10);
  Duration early = std::chrono::seconds(30);  // a drop later than this is not early
  Duration leave_grace =
      std::chrono::seconds(8);  // time after which a client that left is known to be silent
  float peer_weight = 0.25f;
  // Attempts whose packets were all dropped before a socket are failures of kFrozen (LostAttempts); else
  // nothing.
  bool lost_counts = false;
  Duration slow = Duration::max();  // the baseline's 99th percentile of set-up times; max: unknown
};

// Of an attempt that is not active (yet); see ContributionOf().
Contribution ContributionOfInactive(Detector detector, const AttemptRecord& r, Time now,
                                    const ContributionOptions& options);
// Of one that became active, and is therefore acknowledged.
inline Contribution ContributionOfActive(Detector detector, const AttemptRecord& r,
                                         const ContributionOptions& options) {
  constexpr Contribution kNeutral{}, kSuccess{Contribution::Kind::kSuccess, 1},
      kFailure{Contribution::Kind::kFailure, 1};
  if (detector == Detector::kNeverActiveAlive) return r.attributed ? kSuccess : kNeutral;
  if (detector != Detector::kSlowSetup) return kSuccess;
  if (options.slow == Duration::max()) return kNeutral;
  return r.active - r.start > options.slow ? kFailure : kSuccess;
}

// `detector`: one of kDetectorsByArrival. Inline, as most attempts of a tick are active.
inline Contribution ContributionOf(Detector detector, const AttemptRecord& r, Time now,
                                   const ContributionOptions& options) {
  return r.active != Time{} ? ContributionOfActive(detector, r, options)
                            : ContributionOfInactive(detector, r, now, options);
}

// `r.start`: when the attempt became active.
Contribution EarlyDropContribution(const AttemptRecord& r, Time now, const ContributionOptions& options);

// It is evidence for `detector`: acknowledged and no retry. What is not counted still shows whether an alarm
// is missed for lack of independent sources.
inline bool IsCounted(Detector detector, const AttemptRecord& r) {
  return detector == Detector::kFrozen ? r.counted_if_offered : r.counted && !r.broken;
}

// No further event can change its contribution.
inline bool Concluded(const AttemptRecord& r) { return r.active != Time{} || r.closed || r.expired; }

}  // namespace candor
