// SPDX-License-Identifier: Apache-2.0
//
// Descriptors that a media server has used up since it is watched: new calls find none, but for those that
// ended calls leave, so that some of the readings show a few free ones and some of the calls come up. It
// holds where half of the readings of the last ten seconds show it, after five in a row that did not: a
// server that runs at its limit all the time is no news. Pure; one thread. Tested in
// tests/verdict/used_up_test.cc.
#pragma once

#include <deque>

#include "verdict/cause_codes.h"
#include "verdict/local_fault.h"

namespace candor {

class UsedUp {
 public:
  // `fault`: what a reading found, of descriptors or of anything else. Only a reading of descriptors that
  // names no fault shows free ones.
  void Observe(const LocalFault& fault) {
    const bool used_up = CauseCodeOf(fault.code) == CauseCode::kDescriptorsExhausted;
    if (!used_up && !(fault.code.empty() && fault.descriptors_read)) return;
    while (!readings_.empty() && readings_.front().at <= fault.at - kWindow) {
      shown_ -= readings_.front().used_up ? 1 : 0;
      readings_.pop_front();
    }
    readings_.push_back({fault.at, used_up});
    if (used_up) ++shown_, fault_ = fault;
    free_run_ = used_up ? 0 : free_run_ + 1;
    if (free_run_ >= kInARow) had_free_ = true, holds_ = holds_ && 5 * shown_ > readings_.size();
    if (had_free_ && shown_ >= kInARow && 2 * shown_ >= readings_.size()) holds_ = true, had_free_ = false;
  }
  explicit operator bool() const { return holds_; }
  const LocalFault& fault() const { return fault_; }  // the newest reading that showed it

 private:
  static constexpr Duration kWindow = std::chrono::seconds(10);
  static constexpr size_t kInARow = 5;  // readings, of one second each
  struct Reading {
    Time at{};
    bool used_up = false;
  };
  std::deque<Reading> readings_;
  size_t shown_ = 0, free_run_ = 0;
  bool had_free_ = false, holds_ = false;
  LocalFault fault_;
};

}  // namespace candor
