// SPDX-License-Identifier: Apache-2.0
//
// The health of a source, written by the thread that polls the source and read by any. Thread-safe.
// Tested by tests/replay/file_source_test.cc.
#pragma once

#include <mutex>
#include <utility>

#include "flow/flow_source.h"

namespace candor {

class PublishedHealth {
 public:
  void Write(SourceHealth health) {
    const std::lock_guard<std::mutex> lock(mutex_);
    health_ = std::move(health);
  }
  SourceHealth Read() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return health_;
  }

 private:
  mutable std::mutex mutex_;
  SourceHealth health_;
};

}  // namespace candor
