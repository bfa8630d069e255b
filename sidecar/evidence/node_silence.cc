// SPDX-License-Identifier: Apache-2.0
#include "evidence/node_silence.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

constexpr double kMemory = 1800;  // seconds
constexpr double kLeastAsked = 0.5;
constexpr double kFactor = 2.5;  // times the baseline
// Seconds. One stray datagram at an idle node must not put half an hour of silence into the baseline: a
// packet that comes later than this is no answer.
constexpr double kMostAsked = 24;

}  // namespace

void NodeSilence::Observe(Time last_in, Time last_out, Time now, bool learn) {
  if (decayed_ == Time{}) decayed_ = now;
  if (const double dt = Seconds(now - decayed_); dt > 1) {
    baseline_asked_ = std::max(kLeastAsked, baseline_asked_ * std::exp(-dt / kMemory));
    decayed_ = now;
  }
  if (last_out > last_out_) {
    if (learn && asked_since_ != Time{})
      baseline_asked_ = std::max(baseline_asked_, std::min(kMostAsked, Seconds(last_out - asked_since_)));
    last_out_ = last_out;
    asked_since_ = Time{};
  }
  if (last_in > last_out_ && asked_since_ == Time{}) asked_since_ = last_in;
}

bool NodeSilence::ExceedsBaseline(Time now) const {
  if (!known() || asked_since_ == Time{}) return false;
  return Seconds(now - asked_since_) > kFactor * baseline_asked_;
}

}  // namespace candor
