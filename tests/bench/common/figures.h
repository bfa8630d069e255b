// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace candor {

// Samples of one figure. The median and the spread are what a shared machine leaves of a measurement.
class Figures {
 public:
  void Add(double x) { all_.push_back(x); }
  // The value below which `share` (0-1) of the samples lie; 0 without samples.
  double At(double share) const {
    if (all_.empty()) return 0;
    auto sorted = all_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5)];
  }
  double Median() const { return At(0.5); }
  size_t count() const { return all_.size(); }

 private:
  std::vector<double> all_;
};

}  // namespace candor
