// SPDX-License-Identifier: Apache-2.0
//
// The retry guard: an address that failed and comes back is not a new counted. While one attempt of an
// address is pending, and for a while after a failure of it, further ones of the same address do not count;
// each further try renews the silence, unless nearly all its tries succeed. A source that used to succeed and
// has ceased to counts again: it is no broken client. Bounded: the address heard longest ago makes room. One
// thread.
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
  // `habit` outlives it.
  RetryFilter(Duration silence, size_t max_addresses, const SourceSuccesses* habit)
      : silence_(silence), max_(max_addresses), sources_(habit) {}

  // An attempt of `address` begins to testify; false: it is a retry and does not count. Every attempt that
  // was admitted must be ended by Succeeded(), Failed() or Withdrawn().
  bool Admit(const IpAddress& address, uint64_t attempt, Time now);
  // `address` tries once more. When its counted is still out and it has come back `kStubborn` times since,
  // returns that counted's attempt; else 0.
  uint64_t CountRetry(const IpAddress& address);
  // The admitted attempt ended.
  void Succeeded(const IpAddress& address);
  void Withdrawn(const IpAddress& address) { Succeeded(address); }
  void Failed(const IpAddress& address, Time now);
  // An attempt of `address` became active, whether it counts or not.
  void ObserveSuccess(const IpAddress& address);
  // What was told by Failed() was wrong: the attempt succeeded late.
  void Retract(const IpAddress& address);

  static constexpr uint32_t kStubborn = 2;

  size_t size() const { return entries_.size(); }
  uint64_t evicted() const { return evicted_; }

 private:
  struct Entry {
    IpAddress address;
    Time failed{};   // last
    Time failing{};  // since when it is silenced without a break
    bool has_failed = false;
    uint32_t pending = 0;
    uint64_t counted = 0;                 // the attempt that is pending
    uint32_t tries = 0;                   // since it was admitted
    uint32_t refused = 0, successes = 0;  // since `failing`
  };
  using List = std::list<Entry>;
  void Trim(Time now);
  void Erase(List::iterator it);
  bool Silenced(const Entry& e, Time now) const { return e.has_failed && now - e.failed < silence_; }

  Duration silence_;
  size_t max_;
  const SourceSuccesses* sources_;
  List entries_;  // least recently touched first
  std::unordered_map<IpAddress, List::iterator> index_;
  uint64_t evicted_ = 0;
};

}  // namespace candor
