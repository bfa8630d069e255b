// SPDX-License-Identifier: Apache-2.0
//
// What the silence of a plain call says. Plain RTP has no request that must be answered: hold, one-way calls,
// recorders and voice activity detection are legal silence (RFC 3264 sections 5.1 and 8.4, RFC 3551 section
// 4.1), and RTCP is optional in practice. Silence is therefore held against the node only where something
// else agrees: its plain calls usually get media and none do now, or far more than usual do not; its RTCP was
// there and stopped as well; or calls that ran side by side fell silent together. Learned as it goes. Pure;
// one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>

#include "attempt/attempt.h"

namespace candor {

// What is remembered of one call beside its attempt.
struct PlainCall {
  bool concluded = false;  // whether it got media is known
  bool unserved = false;   // it got none in time
  bool quiet = false;      // its present silence has been counted
};

class PlainCalls {
 public:
  // `response_timeout`: how long a call may wait for the node's first media. `drop_silence`: the node is
  // silent.
  PlainCalls(Duration response_timeout, Duration drop_silence)
      : timeouts_(response_timeout), drop_silence_(drop_silence) {}

  // Learns from the newest state of a call. Of attempts that are not plain it takes no notice.
  void Learn(const Attempt& a, PlainCall* call);
  void Forget(const Attempt& a);

  // A call that has got nothing so far: whether the node owes it media. `began_early`: it was first seen when
  // little was known of this node, and may be an old one that goes on after a pause.
  bool ExpectsMedia(const Attempt& a, bool began_early) const;
  // An active call whose peer goes on: whether the node has stopped serving it, and not only fallen quiet.
  bool StoppedServing(const Attempt& a, PlainCall* call);

 private:
  struct Running {
    Time last_in{}, last_out{}, active{};
  };
  struct Leg {
    Time last_out{};
    uint64_t attempt = 0;
  };

  void Conclude(const Attempt& a, PlainCall* call);
  void NoteConcluded(bool unserved);
  // So many of the last calls got nothing, beside others that did, that it is no chance.
  bool MoreUnservedThanBaseline() const { return above_baseline_; }
  // Calls at this node get media: those before did, and the present row of unserved ones is no chance.
  bool UsuallyServes() const;
  bool OthersAreServed(const Attempt& a) const;
  // The node sends media to another address from the port at which `a` arrives: it is one call, whose peer
  // sends from elsewhere (a NAT, music on hold). Where all calls share one port, this cannot be
  // reported_phase.
  bool ServedElsewhere(const Attempt& a) const;
  bool FellTogether(const Attempt& a) const;
  int Together(const Attempt& a, int* served) const;
  void NoteQuiet(const Attempt& a, PlainCall* call);

  Duration timeouts_, drop_silence_;
  Time any_out_{};      // when the node last sent plain media, to whomever
  Time two_way_out_{};  // ... to a peer that sends as well
  double served_ = 0;   // calls before the present row, exponentially forgotten
  double unserved_ = 0;
  // Of the last calls, whether they got nothing in time; and what was usual before these.
  std::deque<bool> latest_;
  size_t latest_unserved_ = 0;
  double baseline_concluded_ = 0, baseline_unserved_ = 0;  // exponentially forgotten
  bool above_baseline_ = false;
  double run_ = 0;                                 // unserved calls since the last served one
  double quiet_calls_ = 0;                         // that fell quiet one by one, exponentially forgotten
  double served_seconds_ = 0;                      // of calls in which that could have happened
  double baseline_together_ = 0;                   // most that fell quiet at once while others were served
  std::map<Endpoint, Leg> legs_;                   // by the node's port; of open attempts
  std::unordered_map<uint64_t, Running> running_;  // active calls, by attempt
};

}  // namespace candor
