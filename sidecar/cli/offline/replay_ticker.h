// SPDX-License-Identifier: Apache-2.0
//
// When the pipeline is due while a capture is replayed: every tick, and through silences without end ever
// more rarely. All that is pending is settled within minutes of silence, so that long ones need no such
// care, and a capture with a torn clock (a packet 50 years later) must not keep the replay busy for days.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace candor::cli {

class ReplayTicker {
 public:
  // Silence up to tick * kExact (half an hour at 250 ms) is ticked through in full, then in steps of
  // 1/kCoarse of its length so far: fifty years take 3,300 more.
  static constexpr int64_t kExact = 7200;
  static constexpr int64_t kCoarse = 240;

  ReplayTicker(Time first_packet, Duration tick)
      : tick_(tick), last_packet_(first_packet), due_(first_packet + tick) {}

  Time due() const { return due_; }
  // The tick at due() was done: the next one.
  void Advance() {
    const Duration silence = due_ - last_packet_;
    due_ += silence < tick_ * kExact ? tick_ : std::max(tick_, silence / kCoarse);
  }
  // The next packet is at `packet`, before due(): from there on every tick counts again.
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
