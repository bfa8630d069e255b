// SPDX-License-Identifier: Apache-2.0
//
// The best that any rule can do in a cell: CUSUM on the exact likelihood ratio, everything known (the
// baseline rate at each moment, the severity, the setup times), pending attempts weighed by their age. No
// rule with as few false alarms detects faster (Lorden 1971, Moustakides 1986).
#pragma once

#include <cstdint>

#include "cells.h"

namespace candor::bench {

class Bound {
 public:
  // Finds the threshold by simulating `attempts` healthy ones: alarms are counted at the highest threshold
  // that a hundred excursions pass, and carried on from there at e^-h, which is exact for true likelihood
  // ratios, to one in 30 days.
  Bound(Cell cell, uint64_t attempts, uint64_t seed);

  double threshold() const { return threshold_; }
  // Seconds from the onset to the alarm.
  double Delay(uint64_t seed) const;

 private:
  Cell cell_;
  double threshold_ = 0;
};

}  // namespace candor::bench
