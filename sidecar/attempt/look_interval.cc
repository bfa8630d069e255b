// SPDX-License-Identifier: Apache-2.0
#include "attempt/look_interval.h"

#include <algorithm>

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A pending attempt is looked at as often as the judge judges.
constexpr Duration kTick = milliseconds(250);
// How often an active attempt is looked at while a drop is an early one, and how often later: for people, and
// for the other legs of a plain relay.
constexpr Duration kYoungLook = seconds(1), kRareLook = seconds(5);
// Looks a second that all of them share. A node that fails drops many at once, of which some are always
// looked at within kYoungLook.
constexpr size_t kYoungLooks = 500, kRareLooks = 200;

// Spread out, or those that came at once would be looked at at once.
Duration Shared(Duration usual, size_t sharing, size_t looks_a_second, uint64_t id) {
  const Duration fair = seconds(1) * static_cast<int64_t>(sharing) / static_cast<int64_t>(looks_a_second);
  return std::max<Duration>(usual, fair * static_cast<int64_t>(8 + id % 16) / 16);
}

// ICE gathers many such, of which few are ever used.
bool IsUnusedAllocation(const OpenAttempt& o) {
  return IsIdleAllocation(o) && !o.attempt.relay()->used() && !o.attempt.request_pending();
}

}  // namespace

bool IsIdleAllocation(const OpenAttempt& o) {
  return o.attempt.relay() != nullptr && o.attempt.acknowledged() && !o.offered &&
         o.waiting_on == WaitingOn::kNone;
}

bool IsLegallySilent(const OpenAttempt& o, const AttemptOptions& options, Time now) {
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
  return std::max(a.last_heard(), a.first()) + idle;
}

Duration LookInterval(const OpenAttempt& o, const AttemptOptions& options, Time now,
                      const OpenCounts& sharing) {
  const uint64_t id = o.attempt.id();
  if (!o.active && !o.closed) {
    if (IsUnusedAllocation(o)) return seconds(1);
    // Past the deadline nothing is due at once: a call that rings, or one that began before.
    const bool due = now - o.attempt.began() < options.deadline + kTick;
    return due ? kTick : Shared(kYoungLook, sharing.open, kRareLooks, id);
  }
  const Duration rest = std::max(IdleAt(o, options) - now, kTick);
  if (!IsYoung(o, options, now)) return std::min(rest, Shared(kRareLook, sharing.open, kRareLooks, id));
  // Where nobody goes on, nobody has been dropped: the longer the silence, the rarer the look.
  const Duration silence = now - o.attempt.last_heard();
  return std::min(rest, std::max(silence / 2, Shared(kYoungLook, sharing.young, kYoungLooks, id)));
}

}  // namespace candor
