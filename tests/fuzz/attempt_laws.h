// SPDX-License-Identifier: Apache-2.0
//
// What holds of the tracker whatever flows it is told of. Each returns the law that is broken, empty when
// all hold. One thread.
#pragma once

#include <array>
#include <map>
#include <string>

#include "attempt/attempt_tracker.h"

namespace candor::fuzz {

// Watches one tracker: hand it every event it tells, and look after every step.
class AttemptLaws {
 public:
  explicit AttemptLaws(const AttemptOptions& options) : options_(options) {}

  std::string BrokenBy(const AttemptEvent& e);
  std::string BrokenIn(const AttemptTracker& tracker);

 private:
  struct Told {
    bool acknowledged = false, active = false, over = false, may_come_back = false;
    uint8_t media = 0, reported_media = 0;
    Phase phase = Phase::kNone;
  };
  std::string BrokenCounts(const AttemptCounts& now, const std::array<uint64_t, 6>& open) const;
  std::string BrokenView(const AttemptView& v);

  AttemptOptions options_;
  std::map<uint64_t, Told> told_;
  std::map<uint64_t, AttemptView> seen_;
  AttemptCounts last_;
};

}  // namespace candor::fuzz
