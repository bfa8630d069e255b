// SPDX-License-Identifier: Apache-2.0
//
// How often each source address usually succeeds. A gateway or a carrier's border controller calls from one
// address again and again: when it has succeeded as a matter of course and suddenly never does, that is no
// client that is broken by itself. Bounded: the address that succeeded longest ago makes room. One thread.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>

#include "base/time.h"
#include "flow/address.h"

namespace candor {

class SourceSuccesses {
 public:
  explicit SourceSuccesses(size_t max_addresses) : max_(max_addresses) {}

  void Succeeded(const IpAddress& address, Time at);
  // At its usual rate `address` would have succeeded between `since` and `now` (chance of not: 0.7 %), and it
  // has not. False for an address that has no habit.
  bool HasStopped(const IpAddress& address, Time since, Time now) const;

  size_t size() const { return index_.size(); }

 private:
  struct Source {
    IpAddress address;
    Time first{}, last{};
    double count = 0;  // successes, exponentially forgotten
  };
  using List = std::list<Source>;

  size_t max_;
  List sources_;  // that succeeded longest ago first
  std::unordered_map<IpAddress, List::iterator> index_;
};

}  // namespace candor
