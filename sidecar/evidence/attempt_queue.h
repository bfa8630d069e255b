// SPDX-License-Identifier: Apache-2.0
//
// Attempts in order of arrival, found by id; concluded ones leave at the front. Contiguous in memory, as
// every tick walks them. The caller keeps the bound: it asks full() and pops. Pointers to records are valid
// until the next Insert() or PopFront(). One thread.
#pragma once

#include <cstddef>
#include <span>
#include <unordered_map>
#include <vector>

#include "evidence/attempt_record.h"

namespace candor {

class AttemptQueue {
 public:
  explicit AttemptQueue(size_t max) : max_(max) {}

  // Inserts in order of (start, id), so that the order of events within one instant does not matter.
  // Returns the record, or nullptr when the id is already present.
  AttemptRecord* Insert(const AttemptRecord& record);
  AttemptRecord* Find(uint64_t id);

  bool empty() const { return head_ == records_.size(); }
  bool full() const { return size() >= max_; }
  size_t size() const { return records_.size() - head_; }
  AttemptRecord& front() { return records_[head_]; }
  void PopFront();

  std::span<const AttemptRecord> records() const { return std::span(records_).subspan(head_); }

 private:
  size_t max_;
  std::vector<AttemptRecord> records_;  // valid from head_ on
  size_t head_ = 0;
  uint64_t shifted_ = 0;                             // records_[i] has sequence number shifted_ + i
  std::unordered_map<uint64_t, uint64_t> sequence_;  // of each id
};

}  // namespace candor
