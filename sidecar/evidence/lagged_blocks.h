// SPDX-License-Identifier: Apache-2.0
//
// What is learned of concluded attempts waits in blocks until a lag has passed, so that a failure that has
// just begun does not become usual before it is noticed. Whoever learns throws away, of a block, what was in
// doubt while it gathered. Value type; one thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>

#include "base/time.h"

namespace candor {

struct LagOptions {
  // A block is closed once it has lasted `least` and holds so many concluded attempts, or has lasted `most`.
  uint32_t attempts = 50;
  Duration least = std::chrono::seconds(30), most = std::chrono::minutes(5);
  // It waits for the larger of these; on a node that is younger than twice as much, for half of what was
  // seen.
  Duration lag = std::chrono::seconds(200);
  double lag_attempts = 300;
};

// `Gathered` is what one block gathers; all zero at first.
template <class Gathered>
class LaggedBlocks {
 public:
  struct Block : Gathered {
    Time begin{}, end{};
    uint64_t concluded_before_end = 0;  // attempts since the beginning
    uint32_t concluded = 0;             // of this block
  };

  explicit LaggedBlocks(const LagOptions& options) : options_(options) {}

  Block& gathering() { return gathering_; }
  std::deque<Block>& waiting() { return waiting_; }  // oldest first
  const std::deque<Block>& waiting() const { return waiting_; }
  void Concluded() { ++gathering_.concluded, ++concluded_; }
  // Before the first Advance() no time is known.
  bool begun() const { return begun_; }

  // Closes the block that is full, and hands those whose lag has passed to `absorb`, oldest first. True when
  // there was one.
  template <class Absorb>
  bool Advance(Time now, Absorb absorb) {
    if (!std::exchange(begun_, true)) first_ = gathering_.begin = now;
    const Duration age = now - gathering_.begin;
    if (age >= options_.most || (age >= options_.least && gathering_.concluded >= options_.attempts))
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
    gathering_.end = now;
    gathering_.concluded_before_end = concluded_;
    if (gathering_.concluded > 0) waiting_.push_back(gathering_);
    gathering_ = Block{};
    gathering_.begin = now;
  }

  // A young node learns from the older half of what it has seen, or it would judge by the prior for long.
  bool Ripe(const Block& b, Time now) const {
    const auto since = static_cast<double>(concluded_ - b.concluded_before_end);
    const bool enough = since >= std::min(options_.lag_attempts, static_cast<double>(concluded_) / 2);
    return enough && now - b.end >= std::min(options_.lag, Duration((now - first_) / 2));
  }

  LagOptions options_;
  Block gathering_{};
  std::deque<Block> waiting_;
  uint64_t concluded_ = 0;
  Time first_{};
  bool begun_ = false;
};

}  // namespace candor
