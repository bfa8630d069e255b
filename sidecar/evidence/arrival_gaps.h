// SPDX-License-Identifier: Apache-2.0
//
// The gap since the last attempt, beside the gaps that are usual: whether attempts have ceased. A gap is
// measured in attempts that the lowest of three recent rates would have brought in it (the last 16 and 64
// attempts, an hour). Its limit follows from the tail of such gaps as learned here (peaks over a threshold,
// exponential beyond it), so that chance exceeds it as often as allowed, and from gaps beyond it that have
// ended by themselves: at this time of day or of the week, or often of late. Time of day is elapsed time
// modulo 24 h: no wall clock.
// After a restart the rate as of the last attempt, if it is not older than kSavedRateFresh, and the gap that
// was open then go on at once: what was learned of the tail is the same, and the rate is the lowest of the
// saved one and those of the attempts since, so that a few attempts can only make it more careful. Had the
// rate fallen to a third meanwhile, the limit of some 25 attempts would still be 8 usual ones: chance brings
// that once in 3,000 restarts. Pure; one thread. Tested in tests/evidence/arrival_gaps_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "base/time.h"

namespace candor {

struct ArrivalGap {
  bool known = false;           // how attempts usually come; else the figures below mean nothing
  Time last{};                  // the last attempt; Time{}: there was none
  double usual_per_second = 0;  // attempts, as of `last`
  double expected = 0;          // attempts since `last`, at that rate
  double limit = 0;             // expected attempts from which on it is no chance any more
  bool ceased() const { return known && expected >= limit; }
};

class ArrivalGaps {
 public:
  // A gap beyond its limit that ended by itself.
  struct Past {
    Duration age{};  // since it began
    double expected = 0;
  };
  // What outlives the process; sums decay over some 5,000 gaps.
  struct Saved {
    double gaps = 0, long_gaps = 0, excess = 0;
    std::vector<Past> past;  // oldest first, at most kMostPast
    double per_second = 0;   // attempts, usual as of the last one; 0: not known
    Duration since_last{};   // of the gap that is open, while it was looked at
  };

  // `allowed`: gaps beyond the limit by chance, per 30 days, > 0.
  explicit ArrivalGaps(double allowed) : allowed_(allowed) {}

  // An attempt; `per_second`: the rate over about an hour, > 0.
  void Arrived(Time at, double per_second);
  // Attempts are kept away, or come again after that: the present gap is nobody's, and the rates are learned
  // anew.
  void Forget();
  ArrivalGap Present(Time now) const;

  Saved Save(Time now) const;
  // Bounded; what makes no sense is dropped. Nobody looked for `age`: it is no part of the gap.
  void Restore(const Saved& saved, Duration age, Time now);

  static constexpr size_t kMostPast = 64;
  static constexpr Duration kSavedRateFresh = std::chrono::minutes(15);

 private:
  struct Began {
    Time at{};
    double expected = 0;
  };
  void Learn(double expected);
  double RateOf(size_t attempts) const;
  bool Plenty() const;  // attempts, to know the rate by these alone
  double ByChance() const;
  double Usual(Time now) const;
  double Recurring(Time now, Duration period, Duration horizon) const;
  double Frequent(Time now) const;

  static constexpr size_t kFew = 16, kMany = 64;

  double allowed_;
  std::array<Time, kMany> arrivals_{};  // a ring
  uint64_t arrived_ = 0;                // since the rates are learned
  Time first_{};
  double rate_ = 0, hourly_ = 0;
  double saved_rate_ = 0;  // until there are plenty of attempts; 0: there is none
  Duration unseen_{};      // part of the present gap that is not counted
  double gaps_ = 0, long_gaps_ = 0, excess_ = 0;
  std::deque<Began> past_;
};

}  // namespace candor
