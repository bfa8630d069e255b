// SPDX-License-Identifier: Apache-2.0
//
// New clients that the node refuses (a STUN error of 300 to 499, RFC 8489 section 14.8) while its
// acknowledgements stop: counted since the acknowledgements began to fall. Clients with wrong credentials are
// refused at all times, which alone does not reduce the acknowledgements of others; how many usually are is
// learned. Pure; one thread. Tested in tests/evidence/refusals_test.cc.
#pragma once

#include <algorithm>
#include <bitset>
#include <cmath>
#include <cstdint>

#include "base/time.h"
#include "evidence/client_networks.h"
#include "evidence/exponential_decay.h"

namespace candor {

class Refusals {
 public:
  // `start`: the client's first packet, long before its refusal is final. Refusals of clients that came
  // before the acknowledgements began to fall are not counted.
  // `familiar`: its address came up before, so it is no stranger's.
  void Count(const ClientNetwork& n, Time start, bool familiar = false) {
    unlearned_ += 1;
    if (start < falling_since_) return;
    rate_ += 1 / kMemory;
    ++count_;
    if (n.trusted) ++trusted_;
    if (familiar) ++familiar_, familiar_networks_.set(n.bucket);
    networks_.set(n.bucket);
  }

  // `falling`: fewer attempts than the baseline are acknowledged; otherwise the count restarts.
  void Advance(Time now, bool falling) {
    if (last_ != Time{} && now > last_) {
      rate_ *= decay_.Keep(now - last_);
      const double seconds = Seconds(now - last_), keep = std::exp(-seconds / kUsualMemory);
      if (!falling) usual_ = usual_ * keep + unlearned_ / kUsualMemory;
      unlearned_ = 0;
    }
    last_ = std::max(last_, now);
    if (falling) return;
    count_ = trusted_ = familiar_ = 0;
    networks_.reset(), familiar_networks_.reset();
    falling_since_ = now;
  }

  // The refusals replace the acknowledgements, which were `baseline` a second from `baseline_networks` client
  // networks: at a quarter of that rate or more, and from four networks, or from all there are, or from a
  // trusted source.
  bool ReplaceAcknowledged(double baseline, int baseline_networks) const {
    const int needed = std::clamp(baseline_networks, 1, kNetworks);
    const bool many = count_ >= kMinCount && static_cast<int>(networks_.count()) >= needed;
    return (many || trusted_ >= kMinCount) && std::max(rate_, RateOf(count_)) >= kShare * baseline;
  }
  // They are clients who came up before, of four networks or more, or trusted sources, and so many more than
  // usual: strangers forge neither.
  bool AreClients(double baseline) const {
    const bool familiar = familiar_ >= kMinCount && static_cast<int>(familiar_networks_.count()) >= kNetworks;
    const uint64_t n = familiar ? familiar_ : trusted_;
    return n >= kMinCount && RateOf(n) >= kShare * baseline + kTimesUsual * usual_;
  }
  // The rate is below a fifth of that: it is over.
  bool HaveStopped(double baseline) const { return rate_ < kShare / 5 * baseline; }

  uint64_t count() const { return count_; }
  int networks() const { return static_cast<int>(networks_.count()); }

 private:
  // A second, since the acknowledgements began to fall; of few within a moment nothing can be told.
  double RateOf(uint64_t n) const {
    return static_cast<double>(n) / std::max(kMoment, Seconds(last_ - falling_since_));
  }

  static constexpr double kMoment = 3;                          // seconds
  static constexpr double kUsualMemory = 900, kTimesUsual = 3;  // seconds; refusals a second
  static constexpr uint64_t kMinCount = 6;                      // as many as in a run of unanswered attempts
  static constexpr int kNetworks = 4;     // each network gives at most a quarter of an alarm
  static constexpr double kShare = 0.25;  // of the baseline rate, as many clients do not retry at once
  static constexpr double kMemory = 20;   // seconds
  ExponentialDecay decay_{kMemory};
  double rate_ = 0;                   // a second
  double usual_ = 0, unlearned_ = 0;  // a second; since the last Advance()
  uint64_t count_ = 0, trusted_ = 0, familiar_ = 0;
  std::bitset<kNetworkBuckets> networks_, familiar_networks_;
  Time last_{}, falling_since_{};
};

}  // namespace candor
