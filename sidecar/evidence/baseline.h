// SPDX-License-Identifier: Apache-2.0
//
// What is usual on this node: the share that fails in each channel, the setup times, the time until the
// node acknowledges. Learned in blocks that wait out a lag (the larger of 200 s and 300 attempts, on a
// young node half of what it has seen) and are thrown away where the judge was in doubt while they
// gathered. Pure; one thread.
#pragma once

#include <array>
#include <cstdint>

#include "evidence/lagged_blocks.h"
#include "evidence/setup_time.h"
#include "evidence/stance.h"
#include "evidence/usual_share.h"

namespace candor {

class Baseline {
 public:
  Baseline();

  // One settled attempt of a channel.
  void Learn(Channel c, bool failed);
  // A failure that Learn() was told of was a success that came late: taken back from what has not been
  // absorbed yet. False: all of it has.
  bool TakeBackFailure(Channel c);
  void LearnSetup(Duration setup);
  void LearnVouch(Duration until_vouched);
  // The block now gathering must not teach channel `c`.
  void Doubt(Channel c) { blocks_.gathering().doubted |= Bit(c); }
  void DoubtAll() { blocks_.gathering().doubted = 0xff; }

  // Closes and absorbs blocks that are due. True when anything below changed.
  bool Advance(Time now);

  double Usual(Channel c, Time now) const;
  const SetupTime& setup() const { return setup_; }
  const SetupTime& vouch() const { return vouch_; }
  // Setup times behind the quantiles: below some hundred they are the prior's, not the node's.
  double setups_learned() const { return setups_learned_; }
  size_t blocks_waiting() const { return blocks_.waiting().size(); }

  struct State {  // what outlives the process
    std::array<UsualShare::Sums, kChannels> shares{};
    std::array<double, kAgeBins> setup{};
    std::array<double, kAgeBins> vouch{};
  };
  State Export() const;
  // Replaces everything learned; the youngest of it is `age` old at `now`, or at the first Advance().
  void Import(const State& s, Duration age, Time now);

 private:
  struct Gathered {
    std::array<uint32_t, kChannels> n{}, failed{};
    AgeHistogram setup{}, vouch{};
    uint8_t doubted = 0;
  };
  using Blocks = LaggedBlocks<Gathered>;
  static constexpr uint8_t Bit(Channel c) { return static_cast<uint8_t>(1u << Index(c)); }
  void Absorb(const Blocks::Block& b);

  std::array<UsualShare, kChannels> shares_;
  SetupTime setup_, vouch_;
  double setups_learned_ = 0;
  Blocks blocks_;
  Time learned_until_{};
  Duration restored_age_{};  // of what was imported, when time began
};

}  // namespace candor
