// SPDX-License-Identifier: Apache-2.0
#include "net/connection_limiter.h"

namespace candor {

void ConnectionLimiter::Add(Connection* connection) {
  while (!queue_.empty() && queue_.size() >= max_) {
    EvictOldest();
    ++counts_.evicted;
  }
  positions_[connection] = queue_.insert(queue_.end(), connection);
  ++counts_.accepted;
  counts_.open = queue_.size();
}

void ConnectionLimiter::MarkAnswered(Connection* connection) {
  const auto position = positions_.find(connection);
  if (position != positions_.end()) queue_.splice(queue_.end(), queue_, position->second);
}

void ConnectionLimiter::Remove(Connection* connection) {
  const auto position = positions_.find(connection);
  if (position == positions_.end()) return;
  queue_.erase(position->second);
  positions_.erase(position);
  counts_.open = queue_.size();
}

void ConnectionLimiter::EvictOldest() {
  if (queue_.empty()) return;
  Connection* const oldest = queue_.front();
  Remove(oldest);
  oldest->Evict();
}

void ConnectionLimiter::EvictAll() {
  while (!queue_.empty()) EvictOldest();
}

}  // namespace candor
