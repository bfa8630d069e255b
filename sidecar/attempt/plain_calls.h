// SPDX-License-Identifier: Apache-2.0
//
// Whether the silence of a plain call is a failure of the node. Plain RTP has no request that must be
// answered: hold, one-way calls, recorders and voice activity detection are permitted silence (RFC 3264
// sections 5.1 and 8.4, RFC 3551 section 4.1), and RTCP is optional in practice. Silence counts against the
// node only with further evidence: its plain calls normally get media and none do now, or significantly more
// than the baseline do not; its RTCP had been flowing and stopped as well; or parallel calls fell silent
// together. The baselines are learned. Without any baseline: a proxy forwards the media of one leg, and not
// that of the other (forwarded_legs.h). Pure; one thread. Tested in tests/attempt/plain_calls_test.cc.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>

#include "attempt/attempt.h"
#include "attempt/forwarded_legs.h"
#include "attempt/role.h"

namespace candor {

// The evaluation of one call.
struct PlainCall {
  bool concluded = false;  // whether it got media in time is known
  bool unserved = false;   // it did not
  bool quiet = false;      // its current silence has been counted
  bool one_way = false;    // the node forwards its media, and not that of the other party to it
  bool resumes = false;    // it took the 5-tuple of a call just served: perhaps the same call, held
};

class PlainCalls {
 public:
  // Of the call that took the 5-tuple of `before` at `now`: perhaps the same one, as music on hold comes with
  // another SSRC after the pause of a re-INVITE.
  // `unseen`: the state of `before` may be so old.
  static bool MayResume(const Attempt& before, Time now, Duration unseen);

  // `media_timeout`: for the node's first media. `drop_silence`: an active node that is silent for longer has
  // failed or fallen quiet.
  PlainCalls(Duration media_timeout, Duration drop_silence, Role role)
      : media_timeout_(media_timeout), drop_silence_(drop_silence), role_(role) {}

  Role role() const { return role_; }

  // Learns from the newest state of a call; ignores attempts that are not plain.
  void Learn(const Attempt& a, PlainCall* call);
  void Forget(const Attempt& a);

  // The node is expected to send media to a call that has got none so far. `near_start`: the call may be
  // older than Candor and continue after a pause.
  bool ExpectsMedia(const Attempt& a, const PlainCall& call, bool near_start) const;
  // The node forwards the media of `a` and sends it none of the other party's, who sends as well. True once
  // means that the call is the node's: it is acknowledged.
  bool IsOneWay(const Attempt& a, Duration timeout) const { return forwarded_.IsOneWay(a, timeout); }
  // Of an active call whose peer goes on: the node has stopped serving it, rather than fallen quiet.
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
  // Significantly more of the latest calls than of the baseline got nothing (binomial, Poisson limit).
  bool MoreUnservedThanBaseline() const { return above_baseline_; }
  // Earlier calls got media, so often that the current run of unserved ones is unlikely by chance.
  bool UsuallyServes() const;
  bool OthersAreServed(const Attempt& a) const;
  // The node sends media to another address from the port at which `a` arrives: one call whose peer sends
  // from elsewhere (a NAT, music on hold). Where all calls share one port this cannot be distinguished.
  bool ServedElsewhere(const Attempt& a) const;
  bool MaySendNothing(const Attempt& a, const PlainCall& call) const;
  bool FellTogether(const Attempt& a) const;
  int Together(const Attempt& a, int* served) const;
  void NoteQuiet(const Attempt& a, PlainCall* call);

  Duration media_timeout_, drop_silence_;
  Role role_;
  ForwardedLegs forwarded_;
  Time any_out_{};      // when the node last sent plain media to any peer
  Time two_way_out_{};  // ... to a peer that sends as well
  double served_ = 0;   // calls before the current run, exponentially decayed
  double unserved_ = 0;
  // The latest calls, true: unserved; and the baseline of those before.
  std::deque<bool> latest_;
  size_t latest_unserved_ = 0;
  double baseline_concluded_ = 0, baseline_unserved_ = 0;  // exponentially decayed
  bool above_baseline_ = false;
  double run_ = 0;                // unserved calls since the last served one
  double quiet_calls_ = 0;        // that fell quiet one by one, exponentially decayed
  double served_seconds_ = 0;     // exposure of `quiet_calls_`: call time with media
  double baseline_together_ = 0;  // largest number that fell quiet at once while others were served
  std::map<Endpoint, Leg> legs_;  // by the node's port; of open attempts
  std::unordered_map<uint64_t, Running> running_;  // active calls, by attempt
};

}  // namespace candor
