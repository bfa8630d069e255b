// SPDX-License-Identifier: Apache-2.0
//
// The rate of successes of each source address. A gateway or a carrier's session border controller calls from
// one address continuously: when it succeeded regularly and suddenly never does, the cause is not a single
// broken client. Bounded: the address that succeeded longest ago is evicted. One thread.
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
  // An attempt of `address` became active before.
  bool Knows(const IpAddress& address) const { return index_.contains(address); }
  // `address` has not succeeded between `since` and `now`, which has a probability of 0.7 % at its rate.
  // False for an address with fewer than five successes.
  bool HasStopped(const IpAddress& address, Time since, Time now) const;

  size_t size() const { return index_.size(); }

 private:
  struct Source {
    IpAddress address;
    Time first{}, last{};
    double count = 0;  // successes, exponentially decayed
  };
  using List = std::list<Source>;

  size_t max_;
  List sources_;  // the one that succeeded longest ago first
  std::unordered_map<IpAddress, List::iterator> index_;
};

}  // namespace candor
