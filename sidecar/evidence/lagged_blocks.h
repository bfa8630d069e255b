// SPDX-License-Identifier: Apache-2.0
//
// Blocks of concluded attempts that a baseline is learned from after a lag, so that a failure that has just
// begun does not enter the baseline before it is detected. The owner discards blocks with suspected failures.
// Value type; one thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>

#include "base/time.h"

namespace candor {

struct LagOptions {
  // A block is closed once it has lasted `least` and holds `attempts` concluded attempts, or has lasted
  // `most`.
  uint32_t attempts = 50;
  Duration least = std::chrono::seconds(30), most = std::chrono::minutes(5);
  // It waits for the larger of these; on a node younger than twice as much for half of what was seen.
  Duration lag = std::chrono::seconds(200);
  double lag_attempts = 300;
};

// `Content`: the content of a block; all zero at first.
template <class Content>
class LaggedBlocks {
 public:
  struct Block : Content {
    Time begin{}, end{};
    uint64_t concluded_before_end = 0;  // total of attempts at its end
    uint32_t concluded = 0;             // in this block
  };

  explicit LaggedBlocks(const LagOptions& options) : options_(options) {}

  Block& current() { return current_; }
  std::deque<Block>& waiting() { return waiting_; }  // oldest first
  const std::deque<Block>& waiting() const { return waiting_; }
  void Concluded(uint32_t n = 1) { current_.concluded += n, concluded_ += n; }
  // Advance() has been called.
  bool begun() const { return begun_; }

  // Closes a full block and passes those whose lag has passed to `absorb`, oldest first. True when there was
  // one.
  template <class Absorb>
  bool Advance(Time now, Absorb absorb) {
    if (!std::exchange(begun_, true)) first_ = current_.begin = now;
    const Duration age = now - current_.begin;
    if (age >= options_.most || (age >= options_.least && current_.concluded >= options_.attempts))
      Close(now);
    bool absorbed = false;
    for (; !waiting_.empty() && Ripe(waiting_.front(), now); waiting_.pop_front()) {
      absorb(waiting_.front());
      absorbed = true;
    }
    return absorbed;
  }

 private:
  void Close(Time now) {
    current_.end = now;
    current_.concluded_before_end = concluded_;
    if (current_.concluded > 0) waiting_.push_back(current_);
    current_ = Block{};
    current_.begin = now;
  }

  // A young node learns from the older half of what it has seen, or it would depend on the prior for long.
  bool Ripe(const Block& b, Time now) const {
    const auto since = static_cast<double>(concluded_ - b.concluded_before_end);
    const bool enough = since >= std::min(options_.lag_attempts, static_cast<double>(concluded_) / 2);
    return enough && now - b.end >= std::min(options_.lag, Duration((now - first_) / 2));
  }

  LagOptions options_;
  Block current_{};
  std::deque<Block> waiting_;
  uint64_t concluded_ = 0;
  Time first_{};
  bool begun_ = false;
};

}  // namespace candor
