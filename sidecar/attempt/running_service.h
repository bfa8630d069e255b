// SPDX-License-Identifier: Apache-2.0
//
// Whether a running attempt still carries media both ways, from its states at successive look-ups. A node
// that sends nothing, not even RTCP or an answer to a check, while the peer goes on at the rate of media, has
// muted the call or fallen quiet; which of the two, many calls together show
// (verdict/muted_calls_detector.h). Pure. Tested in tests/attempt/running_service_test.cc.
#pragma once

#include <cstdint>

#include "attempt/attempt.h"

namespace candor {

class RunningService {
 public:
  // Call at each look-up of an active attempt. `silence`: the node has stopped when it is silent for so long.
  Service Look(const Attempt& a, Time now, Duration silence);

  // The node has been silent for a moment while the peer went on: look again soon.
  bool suspect() const { return silent_at_ != Time{}; }
  // When the node last sent media, while the last answer was kNodeSilent; else Time{}.
  Time one_way_since() const { return one_way_since_; }

 private:
  Time silent_at_{};         // the peer's last media as of the first look in the silence
  uint32_t packets_in_ = 0;  // its packets then
  Time one_way_since_{};
};

}  // namespace candor
