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
    // The last one that a hook saw may be this very packet.
    const bool other = at - passed > Slack(reason.reason);
    if (s.packets == 0 || (other && GotThrough(s, passed))) s.since = at, s.packets = 0;
    s.since = std::min(s.since, at);
    ++s.packets;
    s.last = std::max(s.last, at);
    s.reason = reason.reason;
  }

  // The reason of a direction whose newest packets, `least` or more, were lost for `timeout` or longer
  // without one that got through; the way out first, because the process took what came in. `in`, `out`: as
  // `passed`. To be called at every look: a loss that one got through ends here.
  LostReason Standing(Time now, Duration timeout, Time in, Time out, uint32_t least) {
    for (const candor_dir d : {CANDOR_OUT, CANDOR_IN}) {
      Side& s = sides_[d];
      if (GotThrough(s, d == CANDOR_IN ? in : out)) s.packets = 0;
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
    uint32_t packets = 0;  // in it
    candor_drop_reason reason = CANDOR_DROP_NONE;
  };

  // Many drops come after the hooks, which see the packet up to a few ms before. A neighbour's queue is
  // dropped when its resolution has failed, after 3 s (net.ipv4.neigh.*.mcast_solicit, retrans_time_ms).
  static Duration Slack(candor_drop_reason reason) {
    return reason == CANDOR_DROP_NEIGHBOUR ? std::chrono::milliseconds(3500) : std::chrono::milliseconds(300);
  }
  static bool GotThrough(const Side& s, Time passed) {
    return passed != Time{} && passed - s.last > Slack(s.reason);
  }

  std::array<Side, 2> sides_{};  // by candor_dir
};

}  // namespace candor
