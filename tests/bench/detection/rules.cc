// SPDX-License-Identifier: Apache-2.0
#include "rules.h"

namespace candor::bench {

void WindowWatch::Outcome(double t, bool failed) {
  outcomes_.emplace_back(t, failed);
  failed_ += failed ? 1 : 0;
  while (outcomes_.front().first < t - window_) {
    failed_ -= outcomes_.front().second ? 1 : 0;
    outcomes_.pop_front();
  }
}

double WindowWatch::Share() const {
  return outcomes_.size() < least_ ? 0 : static_cast<double>(failed_) / static_cast<double>(outcomes_.size());
}

}  // namespace candor::bench
