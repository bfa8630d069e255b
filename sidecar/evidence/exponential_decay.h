// SPDX-License-Identifier: Apache-2.0
//
// The factor exp(-t / memory) of an exponential decay, cached, as ticks are equally far apart. One thread.
#pragma once

#include <cmath>

#include "base/time.h"

namespace candor {

class ExponentialDecay {
 public:
  // `memory`: seconds, > 0.
  explicit ExponentialDecay(double memory) : memory_(memory) {}

  // The factor for a time `t` >= 0, in (0, 1].
  double Keep(Duration t) {
    if (t != last_) keep_ = std::exp(-Seconds(t) / memory_);
    last_ = t;
    return keep_;
  }

 private:
  double memory_;
  Duration last_{};
  double keep_ = 1;
};

}  // namespace candor
