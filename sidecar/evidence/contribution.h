// SPDX-License-Identifier: Apache-2.0
//
// What one attempt says to each of the judge's detectors, clause by clause (verdict.md "Guards" and "Who
// owes"). Pure functions, thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "evidence/attempt_record.h"

namespace candor {

enum class Detector : uint8_t {
  kWaitingOnNode,
  kNeverActiveAlive,
  kNeverActive,
  kEarlyDrop,
  kSlowSetup,
  kFrozen,
  kNoneActive,  // the story of a total failure alone: no grace for leavers, and one success refutes it
  // Of the media that attempts carry once they are active (media_kinds.h), and of setup times as a whole.
  kNoRtpToSenders,
  kNoDataToSenders,
  kLessRtpToSenders,
  kLessDataToSenders,
  kNoRtpOut,
  kNoRtpIn,
  kNoDataIn,
  kSetupShift,
};
inline constexpr size_t kDetectors = 7;  // that judge whether attempts become active: as far as kNoneActive
inline constexpr std::array<Detector, kDetectors> kAllDetectors = {
    Detector::kWaitingOnNode, Detector::kNeverActiveAlive, Detector::kNeverActive, Detector::kEarlyDrop,
    Detector::kSlowSetup,     Detector::kFrozen,           Detector::kNoneActive};
inline constexpr size_t kMediaDetectors = 7;
inline constexpr std::array<Detector, kMediaDetectors> kAllMediaDetectors = {
    Detector::kNoRtpToSenders,    Detector::kNoDataToSenders, Detector::kLessRtpToSenders,
    Detector::kLessDataToSenders, Detector::kNoRtpOut,        Detector::kNoRtpIn,
    Detector::kNoDataIn};
constexpr bool IsMedia(Detector c) { return c >= Detector::kNoRtpToSenders && c <= Detector::kNoDataIn; }
std::string_view Name(Detector c);  // "waiting_on_node", "never_active_alive", ...
constexpr size_t Index(Detector c) { return static_cast<size_t>(c); }

struct Contribution {
  enum class Kind : uint8_t { kNeutral, kSuccess, kFailure, kPending };
  Kind kind = Kind::kNeutral;
  float weight = 1;  // of a failure or a pending age: what the peer owes condemns the node slowly

  bool operator==(const Contribution&) const = default;
};

struct ContributionOptions {
  Duration deadline = std::chrono::seconds(10);
  Duration early = std::chrono::seconds(30);       // an active attempt older than this did not drop early
  Duration leave_grace = std::chrono::seconds(8);  // time in which a silent leaver is recognised as such
  float peer_weight = 0.25f;
  Duration slow = Duration::max();  // the node's usual 99th percentile of setup times; max: not known yet
};

// The detectors that look at attempts in order of arrival; kEarlyDrop alone begins when they become active.
inline constexpr std::array<Detector, 6> kDetectorsByArrival = {
    Detector::kWaitingOnNode, Detector::kNeverActiveAlive, Detector::kNeverActive,
    Detector::kSlowSetup,     Detector::kFrozen,           Detector::kNoneActive};

// Of an attempt that is not active (yet): see ContributionOf().
Contribution ContributionOfInactive(Detector detector, const AttemptRecord& r, Time now,
                                    const ContributionOptions& options);
// Of one that became active, which it is only once the node acknowledged it.
inline Contribution ContributionOfActive(Detector detector, const AttemptRecord& r,
                                         const ContributionOptions& options) {
  constexpr Contribution kNeutral{}, kFor{Contribution::Kind::kSuccess, 1},
      kAgainst{Contribution::Kind::kFailure, 1};
  if (detector == Detector::kNeverActiveAlive) return r.attributed ? kFor : kNeutral;
  if (detector != Detector::kSlowSetup) return kFor;
  if (options.slow == Duration::max()) return kNeutral;
  return r.active - r.start > options.slow ? kAgainst : kFor;
}

// `detector` is one of kDetectorsByArrival. Inline for what most attempts are at every tick: active.
inline Contribution ContributionOf(Detector detector, const AttemptRecord& r, Time now,
                                   const ContributionOptions& options) {
  return r.active != Time{} ? ContributionOfActive(detector, r, options)
                            : ContributionOfInactive(detector, r, now, options);
}

// `r.start` is the moment the attempt became active.
Contribution EarlyDropContribution(const AttemptRecord& r, Time now, const ContributionOptions& options);

// The guards let it speak: it is no retry. What they hold back still shows whether an alarm is missed for
// want of independent sources.
inline bool IsCounted(Detector detector, const AttemptRecord& r) {
  return detector == Detector::kFrozen ? r.counted_if_offered : r.counted && !r.broken;
}

// Nothing that can still happen changes what the attempt says.
inline bool Concluded(const AttemptRecord& r) { return r.active != Time{} || r.closed || r.expired; }

}  // namespace candor
