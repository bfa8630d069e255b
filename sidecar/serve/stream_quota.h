// SPDX-License-Identifier: Apache-2.0
//
// How many streams may be open, in all and by one peer: a client gone wild must not take the memory that
// the others' answers need. Thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace candor {

// The peer as gRPC names it ("ipv4:192.0.2.7:4711") without its port; all of a unix socket are one.
std::string PeerHost(std::string_view peer);

class StreamQuota {
 public:
  StreamQuota(size_t in_all, size_t per_peer) : in_all_(in_all), per_peer_(per_peer) {}

  // One open stream; gives its place back when it goes. The quota outlives it.
  class Ticket {
   public:
    Ticket(StreamQuota& quota, std::string host) : quota_(quota), host_(std::move(host)) {}
    ~Ticket() { quota_.Leave(host_); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

   private:
    StreamQuota& quota_;
    const std::string host_;
  };

  // An error names the setting that bounds it.
  Result<std::unique_ptr<Ticket>> Take(std::string_view peer);
  size_t open() const;

 private:
  void Leave(const std::string& host);

  const size_t in_all_;
  const size_t per_peer_;
  mutable std::mutex mutex_;
  size_t open_ = 0;
  std::map<std::string, size_t> by_host_;
};

}  // namespace candor
