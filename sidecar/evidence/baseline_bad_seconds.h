// SPDX-License-Identifier: Apache-2.0
//
// The share of bad seconds that is usual on this node, learned as the Baseline learns shares of attempts: in
// blocks that wait out a lag, thrown away where the judge was in doubt while they gathered, capped. Its clock
// are the seconds that had something to say, so a quiet night ages nothing. Pure; one thread.
#pragma once

#include <cmath>
#include <cstdint>
#include <deque>

#include "evidence/baseline_failure_rate.h"

namespace candor {

class BaselineBadSeconds {
 public:
  // A second and whether it was bad. `in_doubt`: the judge was.
  void Learn(bool bad, bool in_doubt) {
    gathering_.bad += bad ? 1 : 0;
    gathering_.excluded = gathering_.excluded || in_doubt;
    if ((gathering_.n += 1) < kBlock) return;
    waiting_.push_back(gathering_);
    gathering_ = {};
    if (waiting_.size() <= kLagBlocks) return;
    const Block& b = waiting_.front();
    // In doubt comes late: what led to it was still gathered in trust, in the block before.
    const bool teaches = !b.excluded && !waiting_[1].excluded;
    const double keep = std::exp(-b.n / kMemory), keep_week = std::exp(-b.n / kWeek);
    if (teaches) share_.Absorb(b.n, b.bad, keep, keep_week);
    waiting_.pop_front();
  }

  double FailureRate() const { return share_.Bound(Duration(0)); }

  const BaselineFailureRate::Sums& sums() const { return share_.sums(); }
  void set_sums(const BaselineFailureRate::Sums& s) { share_.set_sums(s); }

 private:
  struct Block {
    double n = 0, bad = 0;
    bool excluded = false;
  };
  static constexpr double kBlock = 60;
  static constexpr size_t kLagBlocks = 5;
  static constexpr double kMemory = 3600, kWeek = 7 * 86400.0;

  // A node on which every tenth second is bad is not well, however long it has been so.
  static constexpr BaselineFailureRateOptions kShare{0.01, 0.10, 0.01, 100, 500};

  BaselineFailureRate share_{kShare};
  Block gathering_;
  std::deque<Block> waiting_;
};

}  // namespace candor
