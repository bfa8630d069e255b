// SPDX-License-Identifier: Apache-2.0
//
// The gap since the last packet that reached a media socket of this node, compared with the usual gaps: where
// calls run, packets come all the time, and that none does any more is evidence by itself of a firewall, a
// route or a socket that is gone. It says nothing of a node whose sockets are silent now and then. Pure; one
// thread. Tested in tests/evidence/packet_gaps_test.cc.
#pragma once

#include <algorithm>
#include <cmath>

#include "base/time.h"

namespace candor {

class PacketGaps {
 public:
  // `last_in`: when a packet last reached a socket; Time{}: never. `learn` false: a failure is suspected, and
  // this gap must not become usual.
  void Observe(Time last_in, Time now, bool learn) {
    Decay(now);
    if (last_in <= last_) return;
    if (last_ == Time{}) first_ = last_in;
    if (last_ != Time{} && learn) longest_ = std::max(longest_, Seconds(last_in - last_));
    last_ = last_in;
  }

  // Packets came all the time, and for significantly longer than they ever stayed away none has come.
  bool Ceased(Time now) const {
    if (last_ == Time{} || last_ - first_ < kToKnow || longest_ > kAllTheTime) return false;
    return Seconds(now - last_) > std::max(kLeast, kFactor * longest_);
  }

 private:
  void Decay(Time now) {
    if (decayed_ == Time{}) decayed_ = now;
    const double dt = Seconds(now - decayed_);
    if (dt <= 1) return;
    longest_ *= std::exp(-dt / kMemory);
    decayed_ = now;
  }

  // Calls bring tens of packets a second each, so that hundreds of gaps were seen by then.
  static constexpr Duration kToKnow = std::chrono::seconds(10);
  // Seconds. A server that is restarted at once is back within a second or so; a gap that was longer than
  // kAllTheTime within about half an hour shows that silence is normal here.
  static constexpr double kLeast = 1, kAllTheTime = 2, kFactor = 2.5, kMemory = 1800;

  Time first_{}, last_{}, decayed_{};
  double longest_ = 0;  // seconds: the longest gap, decayed over half an hour
};

}  // namespace candor
