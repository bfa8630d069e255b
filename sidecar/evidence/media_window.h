// SPDX-License-Identifier: Apache-2.0
//
// Which media the attempts have carried that became active a short while ago, and when it first_seen: the
// first seconds show the shape of an attempt, what comes later (a second participant, an unmuted microphone)
// is other people's doing. Bounded: where too many are watched, further ones are not. Pure; one thread.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "attempt/attempt_event.h"
#include "evidence/attempt_record.h"
#include "evidence/contribution.h"
#include "evidence/media_kinds.h"

namespace candor {

struct MediaRecord {
  AttemptRecord attempt;  // as it became active; `start` is that moment
  Time offered{};
  std::array<Time, 4> first_seen{};  // by bit of MediaBits, not before `attempt.start`; Time{}: not (yet)
  Time ended{};                      // Time{}: it goes on
  bool replaced = false;             // another attempt took over: it says nothing
};

// When the first of `bit`, one of MediaBits, first_seen; Time{}: not (yet).
inline Time FirstSeen(const MediaRecord& r, uint8_t bit) {
  return r.first_seen[static_cast<size_t>(std::countr_zero(bit))];
}

// What one record says of one kind.
struct MediaContribution {
  Contribution contribution;  // silent, for the node, or pending
  Duration age{};             // how long it was waited for, or until it first_seen
};
MediaContribution MediaContributionOf(MediaKind kind, const MediaRecord& r, Time now);

class MediaWindow {
 public:
  // An attempt is watched for `horizon` from becoming active on; at most `most` at a time.
  MediaWindow(Duration horizon, size_t most) : horizon_(horizon), most_(most) {}

  // A counted attempt became active at `r.active`.
  void Add(const AttemptRecord& r);
  // Events of the same attempts, kActive included, after Add().
  void Observe(const AttemptEvent& e);

  // Takes away the attempts that have said all they can at `now`, in order of becoming active.
  template <class Visit>
  void Conclude(Time now, Visit&& visit) {
    while (!records_.empty() && Concluded(records_.front(), now)) {
      visit(records_.front());
      started_.erase(records_.front().attempt.id);
      records_.pop_front();
    }
  }
  const std::deque<MediaRecord>& records() const { return records_; }

 private:
  bool Concluded(const MediaRecord& r, Time now) const {
    return r.ended != Time{} || now - r.attempt.start >= horizon_;
  }
  MediaRecord* Find(uint64_t id);

  Duration horizon_;
  size_t most_;
  std::deque<MediaRecord> records_;  // by (start, id): the order within one instant does not matter
  std::unordered_map<uint64_t, Time> started_;
};

}  // namespace candor
