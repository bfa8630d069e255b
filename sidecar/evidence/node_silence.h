// SPDX-License-Identifier: Apache-2.0
//
// How long the node's media sockets have been asked without sending anything at all, compared with what is
// usual for it. Pure; one thread.
#pragma once

#include "base/time.h"

namespace candor {

class NodeSilence {
 public:
  // When anything last reached and last left the node's sockets; Time{}: never. `now` is the moment of
  // observation. A silence during which the judge is in doubt (`learn` false) must not become usual.
  void Observe(Time last_in, Time last_out, Time now, bool learn);

  // Since when somebody has been asking into the silence; Time{}: nobody is, or nothing is known.
  Time asked_since() const { return asked_since_; }
  // The node has been asked and silent for longer than is usual for it.
  bool ExceedsBaseline(Time now) const;
  bool known() const { return last_out_ != Time{}; }
  // Something left the node's sockets within the last `span`, however often it is asked.
  bool SentWithin(Duration span, Time now) const { return known() && now - last_out_ <= span; }

 private:
  Time last_out_{}, asked_since_{}, decayed_{};
  double baseline_asked_ = 0.5;  // seconds: longest of late, forgotten over half an hour
};

}  // namespace candor
