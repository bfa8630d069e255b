// SPDX-License-Identifier: Apache-2.0
#include "evidence/source_successes.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

constexpr double kMemory = 600;         // seconds
constexpr double kCountLeast = 5;       // successes before a rate is known
constexpr double kExpectedMissing = 5;  // successes: P(none) = e^-5 = 0.7 %

}  // namespace

void SourceSuccesses::Succeeded(const IpAddress& address, Time at) {
  const auto found = index_.find(address);
  if (found != index_.end()) {
    Source& s = *found->second;
    s.count = s.count * std::exp(-std::max(0.0, Seconds(at - s.last)) / kMemory) + 1;
    s.last = std::max(s.last, at);
    sources_.splice(sources_.end(), sources_, found->second);
    return;
  }
  if (max_ == 0) return;
  if (sources_.size() >= max_) {
    index_.erase(sources_.front().address);
    sources_.pop_front();
  }
  sources_.push_back({address, at, at, 1});
  index_.emplace(address, std::prev(sources_.end()));
}

bool SourceSuccesses::HasStopped(const IpAddress& address, Time since, Time now) const {
  const auto found = index_.find(address);
  if (found == index_.end()) return false;
  const Source& s = *found->second;
  if (s.count < kCountLeast || s.last >= since) return false;
  const double per_second = s.count / std::clamp(Seconds(s.last - s.first), 1.0, kMemory);
  return per_second * Seconds(now - since) >= kExpectedMissing;
}

}  // namespace candor
