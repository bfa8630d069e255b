// SPDX-License-Identifier: Apache-2.0
//
// Limits of the open streams, in total and per peer address, so that one faulty client cannot use up the
// memory. Thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace candor {

// The peer in gRPC's form ("ipv4:192.0.2.7:4711") without its port; "unix" for every peer of a unix socket.
std::string PeerHost(std::string_view peer);

class StreamQuota {
 public:
  StreamQuota(size_t total_limit, size_t per_peer_limit)
      : total_limit_(total_limit), per_peer_limit_(per_peer_limit) {}

  // One open stream, until its destruction. The quota outlives it.
  class Ticket {
   public:
    Ticket(StreamQuota& quota, std::string host) : quota_(quota), host_(std::move(host)) {}
    ~Ticket() { quota_.Release(host_); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

   private:
    StreamQuota& quota_;
    const std::string host_;
  };

  // The error names the setting of the limit that is reached.
  Result<std::unique_ptr<Ticket>> Acquire(std::string_view peer);
  size_t open() const;

 private:
  void Release(const std::string& host);

  const size_t total_limit_;
  const size_t per_peer_limit_;
  mutable std::mutex mutex_;
  size_t open_ = 0;
  std::map<std::string, size_t> by_host_;
};

}  // namespace candor
