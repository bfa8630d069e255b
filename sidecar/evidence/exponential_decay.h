// SPDX-License-Identifier: Apache-2.0
//
// What is left of the past after a while, exponentially forgotten: exp(-t / memory), kept for the next time,
// for ticks are equally far apart. One thread.
#pragma once

#include <cmath>

#include "base/time.h"

namespace candor {

class ExponentialDecay {
 public:
  // `memory`: seconds, > 0.
  explicit ExponentialDecay(double memory) : memory_(memory) {}

  // In (0, 1], of a past that lies `t` >= 0 back.
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
