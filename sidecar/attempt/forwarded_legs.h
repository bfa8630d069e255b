// SPDX-License-Identifier: Apache-2.0
//
// The two legs of a call through a proxy, paired by SSRC: RTP that comes in on one leg leaves on the other
// with the SSRC of its sender (RFC 3550 section 7.2, a mixer or B2BUA sends with one of its own and shows no
// pair). A leg whose media is forwarded is a call of the node's and no stranger's packets; and where the
// other party sends as well, its media must leave on this leg. Pure; one thread. Tested in
// tests/attempt/forwarded_legs_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

#include "attempt/attempt.h"

namespace candor {

class ForwardedLegs {
 public:
  // The newest state of a plain call.
  void Learn(const Attempt& a);
  void Forget(uint64_t attempt);

  // Both parties have sent RTP for `timeout` or longer, the node forwards that of `a` to the other party, and
  // has sent no RTP to `a` meanwhile.
  bool IsOneWay(const Attempt& a, Duration timeout) const;
  // The node forwards the media of `a`, and the other party sends none (any more).
  bool OtherIsSilent(const Attempt& a) const;

 private:
  static constexpr size_t kSsrcs = 4;  // of one leg: audio and video, and what is forwarded from now on
  struct Leg {
    uint32_t ssrc_in = 0;                     // of RTP; 0: none
    std::array<uint32_t, kSsrcs> ssrc_out{};  // the newest ones, in a ring; 0: none
    size_t next_out = 0;
    uint32_t packets_in = 0;  // as of `last_in`
    Time last_in{}, last_out{};
    Time sends_since{};  // RTP has come in without a pause; Time{}: it does not
    Time sent_since{};   // since the node sends RTP to it
  };
  void LearnOut(uint64_t attempt, uint32_t ssrc, Leg* leg);
  void Release(uint64_t attempt, uint32_t ssrc);
  static void NoteSending(uint32_t packets_in, Time last_in, Leg* leg);
  const Leg* OtherOf(const Leg& leg, uint64_t attempt) const;
  static bool Sends(const Leg& leg, Time now);

  std::unordered_map<uint64_t, Leg> legs_;  // of open attempts, by attempt
  // The first leg that RTP of this SSRC left on, of those that it leaves on still.
  std::unordered_map<uint32_t, uint64_t> by_ssrc_out_;
};

}  // namespace candor
