// SPDX-License-Identifier: Apache-2.0
//
// Attempts in order of arrival, found by id: the oldest leave once they are settled. Bounded by the caller,
// who asks full() and pops. One thread.
#pragma once

#include <cstddef>
#include <deque>
#include <unordered_map>

#include "evidence/attempt_record.h"

namespace candor {

class AttemptQueue {
 public:
  explicit AttemptQueue(size_t max) : max_(max) {}

  // Inserts in order of (start, id), so that the order of events within one instant does not matter.
  // Returns the record, or nullptr when the id is already present.
  AttemptRecord* Insert(const AttemptRecord& record);
  AttemptRecord* Find(uint64_t id);

  bool empty() const { return records_.empty(); }
  bool full() const { return records_.size() >= max_; }
  size_t size() const { return records_.size(); }
  AttemptRecord& front() { return records_.front(); }
  void PopFront();
  void Clear();

  auto begin() const { return records_.begin(); }
  auto end() const { return records_.end(); }
  auto begin() { return records_.begin(); }
  auto end() { return records_.end(); }

 private:
  size_t max_;
  std::deque<AttemptRecord> records_;
  uint64_t popped_ = 0;  // records_[i] has sequence number popped_ + i
  std::unordered_map<uint64_t, uint64_t> sequence_;
};

}  // namespace candor
