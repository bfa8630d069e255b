// SPDX-License-Identifier: Apache-2.0
//
// How long the node's media sockets have been asked without sending anything at all, compared with the
// silences that are usual for it. Pure; one thread.
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
  // The node has been asked and silent for longer than is usual for it. `busy`: it was at work when the
  // silence began; an idle node is silent by nature and is measured by its usual pauses instead.
  bool Unusual(Time now, bool busy) const;
  Duration Silence(Time now) const;  // since the last packet out; 0 when unknown
  bool known() const { return last_out_ != Time{}; }

 private:
  Time last_out_{}, asked_since_{}, decayed_{};
  double usual_asked_ = 0.5;  // seconds: longest of late, forgotten over half an hour
  double usual_pause_ = 1.0;  // the same for all pauses, asked or not
};

}  // namespace candor
