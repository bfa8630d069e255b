// SPDX-License-Identifier: Apache-2.0
#include "serve/write_rounds.h"

#include <chrono>

namespace candor {
namespace {

constexpr std::chrono::milliseconds kPatience{5};

}  // namespace

void WriteRounds::WriteEnded() {
  const uint32_t round = round_.load();
  if (round % 2 == 1) round_.wait(round);
  if (--in_flight_ > before_.load()) return;
  { const std::lock_guard lock(mutex_); }  // whoever has looked and is about to sleep, sleeps now
  drained_.notify_one();
}

void WriteRounds::Begin() {
  at_begin_ = in_flight_.load();
  ++round_;
}

void WriteRounds::End() {
  before_ = at_begin_;
  ++round_;
  round_.notify_all();
  std::unique_lock lock(mutex_);
  drained_.wait_for(lock, kPatience, [this] { return in_flight_.load() <= at_begin_; });
  before_ = kNobodyWaits;
}

}  // namespace candor
