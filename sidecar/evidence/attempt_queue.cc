// SPDX-License-Identifier: Apache-2.0
#include "evidence/attempt_queue.h"

namespace candor {

AttemptRecord* AttemptQueue::Insert(const AttemptRecord& record) {
  if (sequence_.contains(record.id)) return nullptr;
  size_t at = records_.size();
  const auto later = [&](const AttemptRecord& other) {
    return other.start > record.start || (other.start == record.start && other.id > record.id);
  };
  while (at > 0 && later(records_[at - 1])) --at;
  records_.insert(records_.begin() + static_cast<std::ptrdiff_t>(at), record);
  for (size_t i = at + 1; i < records_.size(); ++i) sequence_[records_[i].id] = popped_ + i;
  sequence_.emplace(record.id, popped_ + at);
  return &records_[at];
}

AttemptRecord* AttemptQueue::Find(uint64_t id) {
  const auto found = sequence_.find(id);
  return found == sequence_.end() ? nullptr : &records_[static_cast<size_t>(found->second - popped_)];
}

void AttemptQueue::PopFront() {
  sequence_.erase(records_.front().id);
  records_.pop_front();
  ++popped_;
}

void AttemptQueue::Clear() {
  popped_ += records_.size();
  records_.clear();
  sequence_.clear();
}

}  // namespace candor
