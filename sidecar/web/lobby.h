// SPDX-License-Identifier: Apache-2.0
//
// The connections of one kind of port, at most so many. One more, and the one that has waited longest since
// it came or was last answered has to leave: a health check, which asks at once, always gets in. One thread.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>

#include "web/traffic.h"

namespace candor::web {

class Guest {
 public:
  virtual ~Guest() = default;
  // Closes the connection. Must not call the lobby; it has left already.
  virtual void Evict() = 0;
};

class Lobby {
 public:
  // `traffic` outlives the lobby.
  Lobby(size_t max, PortTraffic& traffic) : max_(max), traffic_(traffic) {}

  void Enter(Guest* guest);
  void Answered(Guest* guest);  // it goes to the end of the queue
  void Leave(Guest* guest);     // no effect when it has left
  void EvictOldest();           // no effect when empty
  void EvictAll();
  void SetMax(size_t max) { max_ = max; }  // whoever is too many leaves as others enter

  PortTraffic& traffic() { return traffic_; }
  size_t size() const { return queue_.size(); }

 private:
  size_t max_;
  PortTraffic& traffic_;
  std::list<Guest*> queue_;  // who has waited longest comes first
  std::unordered_map<Guest*, std::list<Guest*>::iterator> places_;
};

}  // namespace candor::web
