// SPDX-License-Identifier: Apache-2.0
#include "source/fallback_source.h"

namespace candor {

Result<size_t> FallbackSource::Poll(Duration timeout, const std::function<void(const FlowEvent&)>& sink) {
  auto delivered = source_->Poll(timeout, sink);
  if (second_ && failed_()) {
    auto next = std::exchange(second_, nullptr)();
    const std::lock_guard lock(mutex_);
    first_error_ = source_->Health().blindness;
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
  if (!first_error_.blind()) return health;
  if (health.blindness.blind() && health.blindness.code != "loading") {
    // Both sources have failed. The first one is preferred, so its remediation comes first.
    health.blindness = {first_error_.code,
                        first_error_.text + " The fallback does not help: " + health.blindness.text};
  } else {
    health.warnings.insert(health.warnings.begin(), "instead of BPF, because: " + first_error_.text);
  }
  return health;
}

}  // namespace candor
