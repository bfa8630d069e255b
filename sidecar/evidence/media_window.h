// SPDX-License-Identifier: Apache-2.0
//
// The media that recently activated attempts have carried, and when each kind came first. Only the first
// seconds are observed: media that comes later (a second participant, an unmuted microphone) depends on other
// people. Bounded: beyond the limit further attempts are not observed. Pure; one thread.
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
  AttemptRecord attempt;  // as it became active; `start`: that time
  Time offered{};
  std::array<Time, 4> first_seen{};  // by bit of MediaBits, at least `attempt.start`; Time{}: not (yet)
  Time ended{};                      // Time{}: it goes on
  bool replaced = false;             // another attempt took its flow: no evidence
};

// When `bit`, one of MediaBits, was first seen; Time{}: not (yet).
inline Time FirstSeen(const MediaRecord& r, uint8_t bit) {
  return r.first_seen[static_cast<size_t>(std::countr_zero(bit))];
}

// One record as evidence about one kind.
struct MediaContribution {
  Contribution contribution;  // kNeutral, kSuccess or kPending
  Duration age{};             // the time until it came, or so far without it
};
MediaContribution MediaContributionOf(MediaKind kind, const MediaRecord& r, Time now);

class MediaWindow {
 public:
  // Observes an attempt for `horizon` from becoming active; at most `most` at a time.
  MediaWindow(Duration horizon, size_t most) : horizon_(horizon), most_(most) {}

  // A counted attempt became active at `r.active`.
  void Add(const AttemptRecord& r);
  // Events of the same attempts, kActive included, after Add().
  void Observe(const AttemptEvent& e);

  // Removes and visits the attempts that are concluded at `now`, in order of becoming active.
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
  std::deque<MediaRecord> records_;  // ordered by (start, id)
  std::unordered_map<uint64_t, Time> started_;
};

}  // namespace candor
