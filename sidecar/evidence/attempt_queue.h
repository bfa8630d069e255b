// SPDX-License-Identifier: Apache-2.0
//
// Attempts in order of arrival, found by id: the oldest leave once they are concluded. Contiguous in memory,
// for they are walked at every tick. Bounded by the caller, who asks full() and pops. Pointers to records
// hold until the next Insert() or PopFront(). One thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "evidence/attempt_record.h"
#include "evidence/places.h"

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
  std::vector<AttemptRecord> records_;  // from head_ on; what lies before has left
  size_t head_ = 0;
  uint64_t shifted_ = 0;  // records_[i] has sequence number shifted_ + i
  Places sequence_;
};

}  // namespace candor
