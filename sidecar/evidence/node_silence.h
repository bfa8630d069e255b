// SPDX-License-Identifier: Apache-2.0
//
// The time for which packets have reached the node's media sockets and none has left, compared with its
// baseline. Pure; one thread.
#pragma once

#include "base/time.h"

namespace candor {

class NodeSilence {
 public:
  // The times of the last packet in and out; Time{}: never. `now`: the time of observation. `learn` false: a
  // failure is suspected, and the silence must not enter the baseline.
  void Observe(Time last_in, Time last_out, Time now, bool learn);

  // The first packet in since the last one out; Time{}: none, or nothing is known.
  Time asked_since() const { return asked_since_; }
  // The node has been silent under requests for significantly longer than its baseline.
  bool ExceedsBaseline(Time now) const;
  bool known() const { return last_out_ != Time{}; }
  // A packet left the node within the last `span`.
  bool SentWithin(Duration span, Time now) const { return known() && now - last_out_ <= span; }

 private:
  Time last_out_{}, asked_since_{}, decayed_{};
  double baseline_asked_ = 0.5;  // seconds: the longest such silence, decayed over half an hour
};

}  // namespace candor
