// SPDX-License-Identifier: Apache-2.0
//
// A source's health, written by the thread that drives the source and read by any.
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
