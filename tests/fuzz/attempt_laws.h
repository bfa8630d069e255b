// SPDX-License-Identifier: Apache-2.0
//
// Invariants of the tracker for any flows. Each function returns the broken invariant, empty when all hold.
// One thread.
#pragma once

#include <array>
#include <map>
#include <string>

#include "attempt/attempt_tracker.h"

namespace candor::fuzz {

// Checks one tracker: BrokenBy() every event, BrokenIn() after every step.
class AttemptLaws {
 public:
  explicit AttemptLaws(const AttemptOptions& options) : options_(options) {}

  std::string BrokenBy(const AttemptEvent& e);
  std::string BrokenIn(const AttemptTracker& tracker);

 private:
  struct Reported {
    bool acknowledged = false, active = false, over = false, may_come_back = false;
    uint8_t media = 0, reported_media = 0;
    Phase phase = Phase::kNone;
  };
  std::string BrokenCounts(const AttemptCounts& now, const std::array<uint64_t, 6>& open) const;
  std::string BrokenView(const AttemptView& v);

  AttemptOptions options_;
  std::map<uint64_t, Reported> reported_;
  std::map<uint64_t, AttemptView> seen_;
  AttemptCounts last_;
};

}  // namespace candor::fuzz
