// SPDX-License-Identifier: Apache-2.0
#include "daemon/fallback_source.h"

namespace candor::daemon {

Result<size_t> FallbackSource::Poll(Duration timeout, const std::function<void(const FlowEvent&)>& sink) {
  auto delivered = source_->Poll(timeout, sink);
  if (second_ && failed_()) {
    auto next = std::exchange(second_, nullptr)();
    const std::lock_guard lock(mutex_);
    why_ = source_->Health().blindness;
    source_ = std::move(next);
    return size_t{0};
  }
  return delivered;
}

void FallbackSource::Wake() {
  const std::lock_guard lock(mutex_);
  source_->Wake();
}

SourceHealth FallbackSource::Health() const {
  const std::lock_guard lock(mutex_);
  SourceHealth health = source_->Health();
  if (!why_.blind()) return health;
  if (health.blindness.blind() && health.blindness.code != "loading") {
    // Both ways are barred; the first is the better one, so its remediation is told first.
    health.blindness = {why_.code, why_.text + " The fallback does not help: " + health.blindness.text};
  } else {
    health.warnings.insert(health.warnings.begin(), "instead of BPF, because: " + why_.text);
  }
  return health;
}

}  // namespace candor::daemon
