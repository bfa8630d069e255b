// SPDX-License-Identifier: Apache-2.0
//
// Rules to compare with. Each sees what the judge sees: attempts that begin, become active, or have not done
// so within ten seconds.
#pragma once

#include <deque>
#include <unordered_map>

#include "attempt/attempt_event.h"

namespace candor::bench {

// Outcomes of the last `window` seconds and a threshold on the share that failed among at least `least`.
struct WindowRule {
  double window = 60, share = 0.3;
  size_t least = 20;
};
inline constexpr WindowRule kJicofo{120, 0.10, 30};  // more than 10 % of at least 30 within 2 min

// The largest share that a window rule ever saw: what its threshold would have had to be.
class WindowWatch {
 public:
  WindowWatch(double window, size_t least) : window_(window), least_(least) {}
  void Outcome(double t, bool failed);
  double Share() const;  // 0 while there are fewer than `least`

 private:
  double window_;
  size_t least_;
  std::deque<std::pair<double, bool>> outcomes_;
  size_t failed_ = 0;
};

// Turns events into outcomes, a failure ten seconds after the attempt began.
class Outcomes10s {
 public:
  // Calls sink(t, failed) in order of time for all that is known by `now`.
  template <class Sink>
  void Until(double now, Sink&& sink) {
    while (!open_.empty() && open_.front().first + 10 <= now) {
      const auto [begun, id] = open_.front();
      open_.pop_front();
      if (pending_.erase(id) > 0) sink(begun + 10, true);
    }
  }
  void Begin(double t, uint64_t id) {
    open_.emplace_back(t, id);
    pending_.emplace(id, t);
  }
  bool Succeed(uint64_t id) { return pending_.erase(id) > 0; }

 private:
  std::deque<std::pair<double, uint64_t>> open_;
  std::unordered_map<uint64_t, double> pending_;
};

}  // namespace candor::bench
