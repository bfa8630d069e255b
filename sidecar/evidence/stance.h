// SPDX-License-Identifier: Apache-2.0
//
// What one attempt says to each of the judge's channels, clause by clause (verdict.md "Guards" and "Who
// owes"). Pure functions, thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "evidence/attempt_record.h"

namespace candor {

enum class Channel : uint8_t {
  kNodeOwed,
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
inline constexpr size_t kChannels = 7;  // that judge whether attempts become active: as far as kNoneActive
inline constexpr std::array<Channel, kChannels> kAllChannels = {
    Channel::kNodeOwed,  Channel::kNeverActiveAlive, Channel::kNeverActive, Channel::kEarlyDrop,
    Channel::kSlowSetup, Channel::kFrozen,           Channel::kNoneActive};
inline constexpr size_t kMediaChannels = 7;
inline constexpr std::array<Channel, kMediaChannels> kAllMediaChannels = {
    Channel::kNoRtpToSenders,    Channel::kNoDataToSenders, Channel::kLessRtpToSenders,
    Channel::kLessDataToSenders, Channel::kNoRtpOut,        Channel::kNoRtpIn,
    Channel::kNoDataIn};
constexpr bool IsMedia(Channel c) { return c >= Channel::kNoRtpToSenders && c <= Channel::kNoDataIn; }
std::string_view Name(Channel c);  // "node_owed", "never_active_alive", ...
constexpr size_t Index(Channel c) { return static_cast<size_t>(c); }

struct Stance {
  enum class Kind : uint8_t { kSilent, kForNode, kAgainstNode, kPending };
  Kind kind = Kind::kSilent;
  float weight = 1;  // of a failure or a pending age: what the peer owes condemns the node slowly

  bool operator==(const Stance&) const = default;
};

struct StanceOptions {
  Duration deadline = std::chrono::seconds(10);
  Duration early = std::chrono::seconds(30);       // an active attempt older than this did not drop early
  Duration leave_grace = std::chrono::seconds(8);  // time in which a silent leaver is recognised as such
  float peer_weight = 0.25f;
  Duration slow = Duration::max();  // the node's usual 99th percentile of setup times; max: not known yet
};

// The channels that look at attempts in order of arrival; kEarlyDrop alone begins when they become active.
inline constexpr std::array<Channel, 6> kByArrival = {Channel::kNodeOwed,    Channel::kNeverActiveAlive,
                                                      Channel::kNeverActive, Channel::kSlowSetup,
                                                      Channel::kFrozen,      Channel::kNoneActive};

// Of an attempt that is not active (yet): see StanceOf().
Stance StanceOfInactive(Channel channel, const AttemptRecord& r, Time now, const StanceOptions& options);
// Of one that became active, which it is only once the node acknowledged it.
inline Stance StanceOfActive(Channel channel, const AttemptRecord& r, const StanceOptions& options) {
  constexpr Stance kSilent{}, kFor{Stance::Kind::kForNode, 1}, kAgainst{Stance::Kind::kAgainstNode, 1};
  if (channel == Channel::kNeverActiveAlive) return r.attributed ? kFor : kSilent;
  if (channel != Channel::kSlowSetup) return kFor;
  if (options.slow == Duration::max()) return kSilent;
  return r.active - r.start > options.slow ? kAgainst : kFor;
}

// `channel` is one of kByArrival. Inline for what most attempts are at every tick: active.
inline Stance StanceOf(Channel channel, const AttemptRecord& r, Time now, const StanceOptions& options) {
  return r.active != Time{} ? StanceOfActive(channel, r, options)
                            : StanceOfInactive(channel, r, now, options);
}

// `r.start` is the moment the attempt became active.
Stance EarlyDropStance(const AttemptRecord& r, Time now, const StanceOptions& options);

// The guards let it speak: it is no retry. What they hold back still shows whether an alarm is missed for
// want of independent sources.
inline bool Counts(Channel channel, const AttemptRecord& r) {
  return channel == Channel::kFrozen ? r.unvouched_witness : r.witness && !r.broken;
}

// Nothing that can still happen changes what the attempt says.
inline bool Settled(const AttemptRecord& r) { return r.active != Time{} || r.closed || r.expired; }

}  // namespace candor
