// SPDX-License-Identifier: Apache-2.0
//
// Lists of attempts and flows for display: copies of the open attempts and of the last ended ones. Pure.
// Tested in tests/attempt/attempt_tracker_test.cc.
#pragma once

#include <deque>
#include <vector>

#include "attempt/attempt_view.h"
#include "attempt/open_attempt.h"

namespace candor {

// The last `max` attempts that ended.
class AttemptHistory {
 public:
  explicit AttemptHistory(size_t max) : max_(max) {}
  void Add(const OpenAttempt& ended, Time now);
  const std::deque<AttemptView>& views() const { return views_; }  // oldest first

 private:
  size_t max_;
  std::deque<AttemptView> views_;
};

// Open ones before ended ones, at most `limit`.
std::vector<AttemptView> NewestFirst(const OpenAttempts& open, const AttemptHistory& ended, size_t limit);
// All, in order of first packet.
std::vector<AttemptView> OldestFirst(const OpenAttempts& open, const AttemptHistory& ended);
std::vector<FlowView> FlowsOf(const OpenAttempts& open, size_t limit);

}  // namespace candor
