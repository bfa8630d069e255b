// SPDX-License-Identifier: Apache-2.0
#include "attempt/look_interval.h"

#include <algorithm>

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The interval of judgements.
constexpr Duration kTick = milliseconds(250);
// Look-ups a second for all of them. A failing node drops many at once, of which some are always looked up
// within kYoungLook.
constexpr size_t kYoungLooks = 500, kRareLooks = 200;

// Spread by id, or attempts that began together would be looked up together.
Duration Shared(Duration least, size_t sharing, size_t looks_a_second, uint64_t id) {
  const Duration fair = seconds(1) * static_cast<int64_t>(sharing) / static_cast<int64_t>(looks_a_second);
  return std::max<Duration>(least, fair * static_cast<int64_t>(8 + id % 16) / 16);
}

// ICE gathers many of these and uses few.
bool IsUnusedAllocation(const OpenAttempt& o) {
  return IsIdleAllocation(o) && !o.attempt.relay()->used() && !o.attempt.request_pending();
}

}  // namespace

bool IsIdleAllocation(const OpenAttempt& o) {
  return o.attempt.relay() != nullptr && o.attempt.acknowledged() && !o.offered &&
         o.waiting_on == WaitingOn::kNone;
}

bool IsPermittedSilence(const OpenAttempt& o, const AttemptOptions& options, Time now) {
  const Attempt& a = o.attempt;
  if (!a.bare() || o.waiting_on == WaitingOn::kNode || !a.proven_media()) return false;
  return now - std::max(a.last_media_in(), a.last_media_out()) < options.alive;
}

bool IsYoung(const OpenAttempt& o, const AttemptOptions& options, Time now) {
  return o.active && !o.closed && !o.carries && !o.attempt.closed_by_peer() &&
         now - o.attempt.active_at() <= options.early + options.drop_silence;
}

Time IdleAt(const OpenAttempt& o, const AttemptOptions& options) {
  const Attempt& a = o.attempt;
  const bool lives = a.relay() != nullptr && a.acknowledged() && !a.closed_by_peer();
  const Duration idle = lives ? std::max(options.idle, options.allocation) : options.idle;
  return std::max({a.last_heard(), a.first(), o.lost.last()}) + idle;
}

Duration LookInterval(const OpenAttempt& o, const AttemptOptions& options, Time now,
                      const OpenCounts& counts) {
  const uint64_t id = o.attempt.id();
  if (!o.active && !o.closed) {
    if (IsUnusedAllocation(o)) return seconds(1);
    // Past the deadline there is no hurry: the call rings, or is older than Candor.
    const bool due = now - o.attempt.began() < options.deadline + kTick;
    return due ? kTick : Shared(kYoungLook, counts.open, kRareLooks, id);
  }
  const Duration rest = std::max(IdleAt(o, options) - now, kTick);
  if (!IsYoung(o, options, now)) {
    const Duration rare = Shared(kRareLook, counts.open, kRareLooks, id);
    return std::min({rest, rare,
                     o.running.suspect() || o.reports.suspect()
                         ? Shared(kYoungLook, counts.open, kYoungLooks, id)
                         : rare});
  }
  // Where both sides are silent there is no drop: the longer the silence, the longer the interval.
  const Duration silence = now - o.attempt.last_heard();
  return std::min(rest, std::max(silence / 2, Shared(kYoungLook, counts.young, kYoungLooks, id)));
}

}  // namespace candor
