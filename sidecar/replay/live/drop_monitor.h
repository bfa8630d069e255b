// SPDX-License-Identifier: Apache-2.0
//
// Decides whether a live capture loses too many packets for a verdict: a lost answer looks like one that the
// node did not send. Pure; one thread.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace candor {

class DropMonitor {
 public:
  static constexpr Duration kWindow = std::chrono::seconds(10);
  static constexpr double kMaxLoss = 0.01;  // of the packets of a window

  // Totals of libpcap, of 32 bits: on a fast link they wrap after minutes.
  void Update(Time now, uint32_t received, uint32_t dropped) {
    received_ += received - last_received_;  // modulo 2^32
    dropped_ += dropped - last_dropped_;
    window_received_ += received - last_received_;
    window_dropped_ += dropped - last_dropped_;
    last_received_ = received;
    last_dropped_ = dropped;
    if (now - since_ < kWindow) return;
    // libpcap counts lost packets as received too.
    blind_ = static_cast<double>(window_dropped_) > kMaxLoss * static_cast<double>(window_received_);
    since_ = now;
    window_received_ = window_dropped_ = 0;
  }

  bool blind() const { return blind_; }  // the last complete window lost more than kMaxLoss
  uint64_t received() const { return received_; }
  uint64_t dropped() const { return dropped_; }

 private:
  Time since_{};
  uint32_t last_received_ = 0, last_dropped_ = 0;
  uint64_t received_ = 0, dropped_ = 0, window_received_ = 0, window_dropped_ = 0;
  bool blind_ = false;
};

}  // namespace candor
