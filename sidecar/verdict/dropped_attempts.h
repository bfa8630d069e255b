// SPDX-License-Identifier: Apache-2.0
//
// Of the attempts that fail, those that wait because this node's kernel drops their packets. Pure values.
// Tested in tests/verdict/explain_dropped_test.cc.
#pragma once

#include <cstdint>

#include "flow/lost_reason.h"
#include "verdict/evidence_summary.h"

namespace candor {

struct DroppedAttempts {
  LostReason reason{};     // the commonest; none where `attempts` is 0
  uint64_t of_reason = 0;  // attempts with this reason
  uint64_t attempts = 0;   // with any reason
  bool operator==(const DroppedAttempts&) const = default;
};

inline DroppedAttempts DroppedOf(const EvidenceSummary& summary) {
  DroppedAttempts d;
  for (size_t i = 0; i < kLostReasons; ++i) {
    const uint64_t n = summary.lost()[i];
    d.attempts += n;
    if (n > d.of_reason) d.of_reason = n, d.reason = LostReasonAt(i);
  }
  return d;
}

// More than half of the failed ones: the drop is the reason of all.
inline bool MostlyDropped(const DroppedAttempts& d, uint64_t failed) { return 2 * d.attempts > failed; }
inline bool MostlyDropped(const EvidenceSummary& summary) {
  return MostlyDropped(DroppedOf(summary), summary.failed());
}

}  // namespace candor
