// SPDX-License-Identifier: Apache-2.0
//
// Excludes retries from the evidence: while one attempt of an address is pending, and for `silence` after it
// failed, further ones of the address do not count. Each further attempt restarts that time, unless nearly
// all attempts of the address succeed. A source that succeeded regularly and has stopped counts again: the
// cause is not a broken client. Bounded: the least recently used address is evicted. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>

#include "base/time.h"
#include "evidence/source_successes.h"
#include "flow/address.h"

namespace candor {

class RetryFilter {
 public:
  // `sources` must outlive the filter.
  RetryFilter(Duration silence, size_t max_addresses, const SourceSuccesses* sources)
      : silence_(silence), max_(max_addresses), sources_(sources) {}

  // True: the attempt counts, and must be ended by Succeeded(), Failed() or Withdrawn(). False: it is a
  // retry.
  bool Admit(const IpAddress& address, uint64_t attempt, Time now);
  // Another attempt of `address`. Returns the address's pending admitted attempt from the kMaxRetries-th on;
  // else 0.
  uint64_t CountRetry(const IpAddress& address);
  // The admitted attempt ended.
  void Succeeded(const IpAddress& address);
  void Withdrawn(const IpAddress& address) { Succeeded(address); }
  void Failed(const IpAddress& address, Time now);
  // An attempt of `address` became active, admitted or not.
  void ObserveSuccess(const IpAddress& address);
  // The attempt that Failed() reported has succeeded late.
  void Retract(const IpAddress& address);

  static constexpr uint32_t kMaxRetries = 2;

  size_t size() const { return entries_.size(); }
  uint64_t evicted() const { return evicted_; }

 private:
  struct Entry {
    IpAddress address;
    Time failed{};   // last
    Time failing{};  // the first failure of the uninterrupted silence
    bool has_failed = false;
    uint32_t pending = 0;
    uint64_t attempt = 0;                  // admitted last
    uint32_t retries = 0;                  // retries since it was admitted
    uint32_t rejected = 0, successes = 0;  // attempts not admitted and successes, since `failing`
  };
  using List = std::list<Entry>;
  void Trim(Time now);
  void Erase(List::iterator it);
  bool Silenced(const Entry& e, Time now) const { return e.has_failed && now - e.failed < silence_; }

  Duration silence_;
  size_t max_;
  const SourceSuccesses* sources_;
  List entries_;  // least recently used first
  std::unordered_map<IpAddress, List::iterator> index_;
  uint64_t evicted_ = 0;
};

}  // namespace candor
