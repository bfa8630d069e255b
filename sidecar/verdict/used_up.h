// SPDX-License-Identifier: Apache-2.0
//
// Descriptors that a media server has used up since it is watched: new calls find none, but for those that
// ended calls leave, so that some of the readings show a few free ones and some of the calls come up. It
// holds where half of the readings of the last ten seconds show it, after five in a row that did not: a
// server that runs at its limit all the time is no news. It ends when all processes of the server have ended,
// and where none of its descriptors were read for ten seconds. Pure; one thread. Tested in
// tests/verdict/used_up_test.cc.
#pragma once

#include <deque>
#include <string>

#include "verdict/cause_codes.h"
#include "verdict/local_fault.h"

namespace candor {

class UsedUp {
 public:
  // `fault`: what a reading found, of descriptors or of anything else. Readings come in the order of `at`.
  void Observe(const LocalFault& fault) {
    // What is whole and not frozen has ended as a whole.
    if (fault.whole && CauseCodeOf(fault.code) != CauseCode::kFrozen) End();
    if (!fault.descriptors_read) return;
    if (!Fresh(fault.at)) End();
    while (!readings_.empty() && readings_.front().at <= fault.at - kWindow) {
      shown_ -= readings_.front().used_up ? 1 : 0;
      readings_.pop_front();
    }
    const bool used_up = !fault.no_descriptors.empty();
    readings_.push_back({fault.at, used_up});
    if (used_up) ++shown_, at_ = fault.at, text_ = fault.no_descriptors;
    free_run_ = used_up ? 0 : free_run_ + 1;
    if (free_run_ >= kInARow) had_free_ = true, holds_ = holds_ && 5 * shown_ > readings_.size();
    if (had_free_ && shown_ >= kInARow && 2 * shown_ >= readings_.size()) holds_ = true, had_free_ = false;
  }
  bool Holds(Time now) const { return holds_ && Fresh(now); }
  // From the newest reading that showed it.
  LocalFault fault() const {
    LocalFault f;
    f.code = Name(CauseCode::kDescriptorsExhausted), f.text = f.no_descriptors = text_, f.at = at_;
    f.descriptors_read = true;
    return f;
  }

 private:
  static constexpr Duration kWindow = std::chrono::seconds(10);
  static constexpr size_t kInARow = 5;  // readings, of one second each
  struct Reading {
    Time at{};
    bool used_up = false;
  };
  bool Fresh(Time now) const { return !readings_.empty() && now - readings_.back().at <= kWindow; }
  // Until it is shown again: that there were free ones before is known.
  void End() {
    had_free_ = had_free_ || holds_, holds_ = false;
    readings_.clear();
    shown_ = 0;
  }

  std::deque<Reading> readings_;
  size_t shown_ = 0, free_run_ = 0;
  bool had_free_ = false, holds_ = false;
  Time at_{};
  std::string text_;
};

}  // namespace candor
