// SPDX-License-Identifier: Apache-2.0
//
// What this node's kernel dropped of one attempt, and whether the attempt waits for that: the node then is
// the side that is waited on, although its process may have answered. Pure values. Tested in
// tests/attempt/lost_here_test.cc.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/time.h"
#include "flow/address.h"
#include "flow/lost_reason.h"

namespace candor {

// The checks of a peer that never reached a socket, of an attempt whose own checks may go out all the same.
struct LostOfPeer {
  uint32_t checks = 0;  // with USERNAME and MESSAGE-INTEGRITY
  IpAddress address{};  // of the newest one

  void Note(const IpAddress& from, uint32_t so_far) { checks = std::max(checks, so_far), address = from; }
  // As of any other attempt: a scanner goes on to the next port, a client that waits repeats its check.
  bool asks() const { return checks >= 2; }
};

class LostHere {
 public:
  // `passed`: the attempt's last packet in that direction that reached its socket, or left it; Time{}: none.
  void Note(Time at, LostReason reason, Time passed) {
    Side& s = sides_[reason.direction];
    Pass(&s, passed);
    const bool ended = s.passing != Time{} && at - s.passing > UntilDropped(s.reason);
    if (s.packets == 0 || ended) s.since = at, s.packets = 0;
    s.since = std::min(s.since, at);
    ++s.packets;
    s.last = std::max(s.last, at);
    s.passing = Time{};
    s.reason = reason.reason;
  }

  // The reason of a direction whose newest packets, `least` or more, were lost for `timeout` or longer
  // without one that got through; the way out first, because the process took what came in. `in`, `out`: as
  // `passed`. To be called at every look: a loss ends here once a packet has got through, which is known when
  // no drop of it has been read for a while: the hooks show each packet before it is dropped.
  LostReason Standing(Time now, Duration timeout, Time in, Time out, uint32_t least) {
    for (const candor_dir d : {CANDOR_OUT, CANDOR_IN}) {
      Side& s = sides_[d];
      Pass(&s, d == CANDOR_IN ? in : out);
      if (Ended(s, now)) s.packets = 0;
      if (s.packets >= least && now - s.since >= timeout) return {d, s.reason};
    }
    return {};
  }

  bool any() const { return sides_[CANDOR_IN].last != Time{} || sides_[CANDOR_OUT].last != Time{}; }
  Time last_in() const { return sides_[CANDOR_IN].last; }  // of what the peer sent; Time{}: nothing was lost
  Time last() const { return std::max(sides_[CANDOR_IN].last, sides_[CANDOR_OUT].last); }

 private:
  struct Side {
    Time since{};  // of the uninterrupted loss
    Time last{};
    Time passing{};        // the first packet after `last` that no drop has followed so far; Time{}: none
    uint32_t packets = 0;  // in it
    candor_drop_reason reason = CANDOR_DROP_NONE;
  };

  // Most drops come after the hooks, which see the packet up to a few ms before; a wrong checksum of a larger
  // one is found when the process reads it. A neighbour's queue is dropped when its resolution has failed,
  // after 3 s (net.ipv4.neigh.*.mcast_solicit, retrans_time_ms).
  static Duration UntilDropped(candor_drop_reason reason) {
    return reason == CANDOR_DROP_NEIGHBOUR ? std::chrono::milliseconds(3500) : std::chrono::milliseconds(300);
  }
  static constexpr Duration kUntilRead = std::chrono::milliseconds(300);  // from the drop to its Note()
  static constexpr Duration kClock = std::chrono::milliseconds(25);       // of the hooks and of the drops

  static void Pass(Side* s, Time passed) {
    if (s->passing == Time{} && passed != Time{} && passed - s->last > kClock) s->passing = passed;
  }
  static bool Ended(const Side& s, Time now) {
    return s.passing != Time{} && now - s.passing > UntilDropped(s.reason) + kUntilRead;
  }

  std::array<Side, 2> sides_{};  // by candor_dir
};

}  // namespace candor
