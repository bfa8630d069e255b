// SPDX-License-Identifier: Apache-2.0
#include "web/lobby.h"

namespace candor::web {

void Lobby::Enter(Guest* guest) {
  while (!queue_.empty() && queue_.size() >= max_) {
    EvictOldest();
    ++traffic_.evicted;
  }
  places_[guest] = queue_.insert(queue_.end(), guest);
  ++traffic_.accepted;
  traffic_.open = queue_.size();
}

void Lobby::Answered(Guest* guest) {
  const auto place = places_.find(guest);
  if (place != places_.end()) queue_.splice(queue_.end(), queue_, place->second);
}

void Lobby::Leave(Guest* guest) {
  const auto place = places_.find(guest);
  if (place == places_.end()) return;
  queue_.erase(place->second);
  places_.erase(place);
  traffic_.open = queue_.size();
}

void Lobby::EvictOldest() {
  if (queue_.empty()) return;
  Guest* const oldest = queue_.front();
  Leave(oldest);
  oldest->Evict();
}

void Lobby::EvictAll() {
  while (!queue_.empty()) EvictOldest();
}

}  // namespace candor::web
