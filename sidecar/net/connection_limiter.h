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

class Connection {
 public:
  virtual ~Connection() = default;
  // Closes the connection. Must not call the limiter; it has left already.
  virtual void Evict() = 0;
};

class ConnectionLimiter {
 public:
  // `traffic` outlives the limiter.
  ConnectionLimiter(size_t max, ConnectionCounts& traffic) : max_(max), traffic_(traffic) {}

  void Add(Connection* connection);
  void MarkAnswered(Connection* connection);  // it goes to the end of the queue
  void Remove(Connection* connection);        // no effect when it has left
  void EvictOldest();                         // no effect when empty
  void EvictAll();
  void SetMax(size_t max) { max_ = max; }  // whoever is too many leaves as others enter

  ConnectionCounts& traffic() { return traffic_; }
  size_t size() const { return queue_.size(); }

 private:
  size_t max_;
  ConnectionCounts& traffic_;
  std::list<Connection*> queue_;  // who has waited longest comes first
  std::unordered_map<Connection*, std::list<Connection*>::iterator> positions_;
};

}  // namespace candor::web
