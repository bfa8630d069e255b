// SPDX-License-Identifier: Apache-2.0
//
// What is usual on this node: the share that fails in each channel, the setup times, the time until the
// node acknowledges. Learned in blocks that wait out a lag (the larger of 200 s and 300 attempts, on a
// young node half of what it has seen) and are thrown away where the judge was in doubt while they
// gathered. Pure; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <deque>

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
  void Doubt(Channel c) { gathering_.doubted |= Bit(c); }
  void DoubtAll() { gathering_.doubted = 0xff; }

  // Closes and absorbs blocks that are due. True when anything below changed.
  bool Advance(Time now);

  double Usual(Channel c, Time now) const;
  const SetupTime& setup() const { return setup_; }
  const SetupTime& vouch() const { return vouch_; }
  // Setup times behind the quantiles: below some hundred they are the prior's, not the node's.
  double setups_learned() const { return setups_learned_; }
  size_t blocks_waiting() const { return waiting_.size(); }

  struct State {  // what outlives the process
    std::array<UsualShare::Sums, kChannels> shares{};
    std::array<double, kAgeBins> setup{};
    std::array<double, kAgeBins> vouch{};
  };
  State Export() const;
  // Replaces everything learned; the youngest of it is `age` old at `now`, or at the first Advance().
  void Import(const State& s, Duration age, Time now);

 private:
  struct Block {
    Time begin{}, end{};
    uint64_t settled_before_end = 0;
    std::array<uint32_t, kChannels> n{}, failed{};
    AgeHistogram setup{}, vouch{};
    uint8_t doubted = 0;
    uint32_t settled = 0;
  };
  static constexpr uint8_t Bit(Channel c) { return static_cast<uint8_t>(1u << Index(c)); }
  bool Ripe(const Block& b, Time now) const;
  void Absorb(const Block& b);
  void CloseBlock(Time now);

  std::array<UsualShare, kChannels> shares_;
  SetupTime setup_, vouch_;
  double setups_learned_ = 0;
  Block gathering_;
  std::deque<Block> waiting_;
  uint64_t settled_ = 0;
  Time first_{}, learned_until_{};
  Duration restored_age_{};  // of what was imported, when time began
  bool begun_ = false;
};

}  // namespace candor
