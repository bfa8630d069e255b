// SPDX-License-Identifier: Apache-2.0
//
// The baseline of the share of bad seconds (socket_seconds.h), learned like the rates of Baseline: in blocks
// with a lag, discarded when a failure is suspected, capped. Its clock counts the seconds observed, so a
// quiet night does not age it. Pure; one thread.
#pragma once

#include <cmath>
#include <cstdint>
#include <deque>

#include "evidence/baseline_failure_rate.h"

namespace candor {

class BaselineBadSeconds {
 public:
  BaselineBadSeconds() : BaselineBadSeconds(kShare) {}
  // Of other observations than seconds of a socket: the limits of their share.
  explicit BaselineBadSeconds(const BaselineFailureRateOptions& options) : share_(options) {}

  // One second. `suspected`: a failure is suspected.
  void Learn(bool bad, bool suspected) {
    current_.bad += bad ? 1 : 0;
    current_.excluded = current_.excluded || suspected;
    if ((current_.n += 1) < kBlock) return;
    waiting_.push_back(current_);
    current_ = {};
    if (waiting_.size() <= kLagBlocks) return;
    const Block& b = waiting_.front();
    // Suspicion comes late: its cause may lie in the block before.
    const bool learn = !b.excluded && !waiting_[1].excluded;
    const double keep = std::exp(-b.n / kMemory), keep_week = std::exp(-b.n / kWeek);
    if (learn) share_.Absorb(b.n, b.bad, keep, keep_week);
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

  // At most a tenth: a node with more bad seconds is faulty, however long it has been so.
  static constexpr BaselineFailureRateOptions kShare{0.01, 0.10, 0.01, 100, 500};

  BaselineFailureRate share_;
  Block current_;
  std::deque<Block> waiting_;
};

}  // namespace candor
