// SPDX-License-Identifier: Apache-2.0
//
// Rules to compare with: 54 over windows (share or Wilson's lower bound of it, nine windows of 10-600 s,
// three timeouts after which an attempt counts as failed), Jicofo's, and five failures in a row. Each gets
// what Candor gets: attempts that begin and become active.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "cells.h"

namespace candor::bench {

inline constexpr std::array<double, 9> kWindows = {10, 20, 30, 60, 120, 180, 300, 450, 600};
inline constexpr std::array<double, 3> kTimeouts = {2, 4, 10};
inline constexpr size_t kJicofoWindow = 4;  // of kWindows: two minutes, as long as its timeout
inline constexpr size_t kWindowRules = kWindows.size() * kTimeouts.size() * 2;
inline constexpr size_t kStatistics = kWindowRules + 2;  // ... then Jicofo's, then failures in a row

// One figure a rule compares with its threshold.
using Statistics = std::array<double, kStatistics>;

// Outcomes with one timeout, over all windows at once.
class Windows {
 public:
  explicit Windows(double timeout) : timeout_(timeout) {}
  void Begin(double t, uint64_t id);
  void Succeed(double t, uint64_t id);
  // What was not active in time by `now` has failed; true when that raised the statistics.
  bool Until(double now);

  double timeout() const { return timeout_; }
  int in_a_row() const { return in_a_row_; }
  double Share(size_t window, size_t least) const;
  double Wilson(size_t window) const;

 private:
  void Outcome(double t, bool failed);
  struct Of {
    uint64_t tail = 0;
    double n = 0, failed = 0;
  };
  double timeout_;
  std::deque<std::pair<double, uint64_t>> open_;
  std::unordered_map<uint64_t, bool> pending_;
  std::deque<std::pair<double, bool>> outcomes_;
  uint64_t dropped_ = 0;  // outcomes_[0] has this number
  std::array<Of, kWindows.size()> of_{};
  int in_a_row_ = 0;
};

// What every statistic rose to in healthy plain traffic.
struct HealthyMaxima {
  Statistics highest{};
  double days = 0;
  uint64_t jicofo_alarms = 0, five_alarms = 0;  // of these two as they are written
};
HealthyMaxima HealthyMaximaAt(double rate, double days, uint64_t seed);

// Seconds from the onset until each passes what it rose to in health; 1e9: never. The last two are Jicofo's
// rule so tuned and five in a row as it is written.
Statistics ReferenceDelays(Cell cell, const HealthyMaxima& quiet, uint64_t seed);

}  // namespace candor::bench
