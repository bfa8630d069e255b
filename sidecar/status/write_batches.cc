// SPDX-License-Identifier: Apache-2.0
#include "status/write_batches.h"

#include <chrono>

namespace candor {
namespace {

constexpr std::chrono::milliseconds kMaxWait{5};

}  // namespace

void WriteBatches::OnWriteEnded() {
  const uint32_t batch = batch_.load();
  if (batch % 2 == 1) batch_.wait(batch);
  if (--in_flight_ > before_.load()) return;
  { const std::lock_guard lock(mutex_); }  // End() is past its check of the condition
  drained_.notify_one();
}

void WriteBatches::Begin() {
  at_begin_ = in_flight_.load();
  ++batch_;
}

void WriteBatches::End() {
  before_ = at_begin_;
  ++batch_;
  batch_.notify_all();
  std::unique_lock lock(mutex_);
  drained_.wait_for(lock, kMaxWait, [this] { return in_flight_.load() <= at_begin_; });
  before_ = kNoWaiter;
}

}  // namespace candor
