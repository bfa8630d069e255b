// SPDX-License-Identifier: Apache-2.0
//
// Limits the connections of one kind of port. At the limit a new connection evicts the one that has been idle
// for longest since it was accepted or last answered, so that a load balancer, which sends its request at
// once, is always served. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>

namespace candor {

class Connection {
 public:
  virtual ~Connection() = default;
  // Closes the connection. Must not call the limiter, which has removed it already.
  virtual void Evict() = 0;
};

// Of one kind of port, since start but for `open`.
struct ConnectionCounts {
  uint64_t open = 0;  // now
  uint64_t accepted = 0;
  uint64_t evicted = 0;          // at the limit
  uint64_t timed_out = 0;        // sent no whole request, or read no response, in time
  uint64_t accept_failures = 0;  // accept(2) failed for want of file descriptors or memory
};

class ConnectionLimiter {
 public:
  // `counts` outlives the limiter.
  ConnectionLimiter(size_t max, ConnectionCounts& counts) : max_(max), counts_(counts) {}

  void Add(Connection* connection);
  void MarkAnswered(Connection* connection);  // it is now the last to be evicted
  void Remove(Connection* connection);        // no effect when it was removed before
  void EvictOldest();                         // no effect when there is none
  void EvictAll();
  void SetMax(size_t max) { max_ = max; }  // a surplus is evicted at the next Add()

  ConnectionCounts& counts() { return counts_; }

 private:
  size_t max_;
  ConnectionCounts& counts_;
  std::list<Connection*> queue_;  // idle for longest first
  std::unordered_map<Connection*, std::list<Connection*>::iterator> positions_;
};

}  // namespace candor
