// SPDX-License-Identifier: Apache-2.0
//
// How many connections come up, and whether that goes on as usual while attempts go unanswered. Strangers who
// forge attempts add arrivals and take no success away; a node that answers only a part of its clients loses
// that part of its successes, at every share. So the successes since the doubt began are compared, as Poisson
// counts, with the rate from well before it. Pure; one thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>

#include "base/time.h"

namespace candor {

class BaselineSuccesses {
 public:
  // What was counted since the doubt began, five to ten minutes back at most, and what would have been usual.
  struct Recent {
    uint64_t successes = 0;
    double expected = 0;
    Duration window{};
  };

  void Succeeded() { ++now_.successes; }
  // A new attempt asked; the node acknowledged one that had.
  void Offered() { ++now_.offered; }
  void Acknowledged() { ++now_.acknowledged; }

  // `in_doubt`: attempts go unanswered; nothing is learned from the minute before until it is over.
  void Advance(Time now, bool in_doubt) {
    if (!begun_) begun_ = true, now_.begin = now;
    if (in_doubt != in_doubt_) Turn(now, in_doubt);
    const Duration age = now - now_.begin;
    if (in_doubt_ && age >= kWindow) Roll(now);
    if (!in_doubt_ && age >= kBlock) Wait(now);
  }

  bool known() const { return learned_ >= kEnough; }
  double BaselinePerSecond() const { return span_ > 0 ? learned_ / span_ : 0; }

  Recent Since(Time now) const {
    if (!begun_ || !in_doubt_) return {};
    const Duration window = now - (before_.begin == Time{} ? now_.begin : before_.begin);
    return {now_.successes + before_.successes, BaselinePerSecond() * Seconds(window), window};
  }

  // How sure it is, as a log-likelihood ratio, that successes go on as usual rather than fewer by the share
  // of attempts that are not acknowledged: above zero for "as usual", below for "fewer". 0: nothing is known.
  double BaselineLogRatio(Time now) const {
    if (!known() || !in_doubt_) return 0;
    const uint64_t offered = now_.offered + before_.offered;
    const double acknowledged = static_cast<double>(now_.acknowledged + before_.acknowledged);
    if (offered == 0) return 0;
    const double lost = std::clamp(1 - acknowledged / static_cast<double>(offered), kLeastLost, kMostLost);
    const Recent l = Since(now);
    return -std::log1p(-lost) * static_cast<double>(l.successes) - lost * l.expected;
  }

  // Successes are counted, and neither chance nor what is not known well explains a lack of them.
  bool MatchesBaseline(Time now) const {
    return BaselineLogRatio(now) >= kSure && Deficit(now) <= kStandardErrors;
  }
  // That can no longer be said.
  bool BelowBaseline(Time now) const {
    return BaselineLogRatio(now) < 0 || Deficit(now) > 2 * kStandardErrors;
  }

 private:
  struct Count {
    Time begin{};
    uint64_t successes = 0, offered = 0, acknowledged = 0;
  };
  struct Block {
    double successes = 0;
    Duration span{};
    Time end{};
  };
  static constexpr Duration kBlock = std::chrono::seconds(10), kLag = std::chrono::seconds(60),
                            kWindow = std::chrono::minutes(5);
  static constexpr double kMemory = 900;  // seconds
  static constexpr double kEnough = 20;   // successes learned
  static constexpr double kLeastLost = 0.05, kMostLost = 0.9;

  static constexpr double kSure = 3;            // 20 to 1
  static constexpr double kStandardErrors = 2;  // of the count, and of what is usual

  // How many standard errors the successes are below what is usual.
  double Deficit(Time now) const {
    const Recent l = Since(now);
    const double error = std::sqrt(l.expected + l.expected * l.expected / std::max(1.0, learned_));
    return error > 0 ? (l.expected - static_cast<double>(l.successes)) / error : 0;
  }
  void Turn(Time now, bool in_doubt) {
    in_doubt_ = in_doubt;
    waiting_.clear();  // may have seen the beginning of it, or the end
    before_ = {};
    now_ = {now, 0, 0, 0};
  }
  void Roll(Time now) {
    before_ = now_;
    now_ = {now, 0, 0, 0};
  }
  void Wait(Time now) {
    waiting_.push_back({static_cast<double>(now_.successes), now - now_.begin, now});
    now_ = {now, 0, 0, 0};
    while (!waiting_.empty() && now - waiting_.front().end >= kLag) {
      const Block& b = waiting_.front();
      const double keep = std::exp(-Seconds(b.span) / kMemory);
      learned_ = learned_ * keep + b.successes;
      span_ = span_ * keep + Seconds(b.span);
      waiting_.pop_front();
    }
  }

  std::deque<Block> waiting_;
  Count now_, before_;
  double learned_ = 0, span_ = 0;
  bool begun_ = false, in_doubt_ = false;
};

}  // namespace candor
