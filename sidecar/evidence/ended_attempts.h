// SPDX-License-Identifier: Apache-2.0
//
// Attempts that ended without becoming active, by id, for as long as they may still become active. Bounded:
// the one that ended first is evicted. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include "evidence/attempt_record.h"

namespace candor {

class EndedAttempts {
 public:
  explicit EndedAttempts(size_t max) : max_(max) {}

  void Add(const AttemptRecord& r) {
    if (max_ == 0 || !records_.emplace(r.id, r).second) return;
    order_.push_back(r.id);
    if (order_.size() <= max_) return;
    records_.erase(order_.front());
    order_.pop_front();
  }

  // Removes and returns the attempt; nullopt: not held.
  std::optional<AttemptRecord> Take(uint64_t id) {
    const auto found = records_.find(id);
    if (found == records_.end() || found->second.active != Time{}) return std::nullopt;
    const AttemptRecord r = found->second;
    found->second.active = r.start;  // marks it as taken; its id stays in `order_` until it is evicted
    return r;
  }

  size_t size() const { return order_.size(); }

 private:
  size_t max_;
  std::unordered_map<uint64_t, AttemptRecord> records_;
  std::deque<uint64_t> order_;
};

}  // namespace candor
