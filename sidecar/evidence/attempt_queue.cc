// SPDX-License-Identifier: Apache-2.0
#include "evidence/attempt_queue.h"

namespace candor {

AttemptRecord* AttemptQueue::Insert(const AttemptRecord& record) {
  size_t at = records_.size();
  const auto later = [&](const AttemptRecord& other) {
    return other.start > record.start || (other.start == record.start && other.id > record.id);
  };
  while (at > head_ && later(records_[at - 1])) --at;
  if (!sequence_.emplace(record.id, shifted_ + at).second) return nullptr;
  records_.insert(records_.begin() + static_cast<std::ptrdiff_t>(at), record);
  for (size_t i = at + 1; i < records_.size(); ++i) sequence_[records_[i].id] = shifted_ + i;
  return &records_[at];
}

AttemptRecord* AttemptQueue::Find(uint64_t id) {
  const auto found = sequence_.find(id);
  return found == sequence_.end() ? nullptr : &records_[static_cast<size_t>(found->second - shifted_)];
}

void AttemptQueue::PopFront() {
  constexpr size_t kWorthMoving = 256;
  sequence_.erase(records_[head_].id);
  ++head_;
  if (head_ < kWorthMoving || head_ * 2 < records_.size()) return;
  records_.erase(records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(head_));
  shifted_ += head_;
  head_ = 0;
}

}  // namespace candor
