// SPDX-License-Identifier: Apache-2.0
//
// The times of the pipeline's ticks during a replay: every tick, and in a long silence ever fewer. All
// attempts are concluded within minutes of silence; a capture with a wrong timestamp (a packet 50 years
// later) must not run for days. Pure.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace candor::cli {

class ReplayTicker {
 public:
  // Every tick in the first kFullTicks of a silence (half an hour at 250 ms); then steps of 1/kGrowth of its
  // length so far: 50 years take 3,300 more.
  static constexpr int64_t kFullTicks = 7200;
  static constexpr int64_t kGrowth = 240;

  ReplayTicker(Time first_packet, Duration tick)
      : tick_(tick), last_packet_(first_packet), due_(first_packet + tick) {}

  Time due() const { return due_; }
  // After the tick at due().
  void Advance() {
    const Duration silence = due_ - last_packet_;
    due_ += silence < tick_ * kFullTicks ? tick_ : std::max(tick_, silence / kGrowth);
  }
  // The next packet is at `packet`, before due(): the silence ends.
  void Resume(Time packet) {
    last_packet_ = packet;
    due_ = std::min(due_, packet + tick_);
  }

 private:
  Duration tick_;
  Time last_packet_;
  Time due_;
};

}  // namespace candor::cli
