// SPDX-License-Identifier: Apache-2.0
//
// What is usual on this node: the share that fails in each detector, the setup times, the time until the
// node acknowledges. Learned in blocks that wait out a lag (the larger of 200 s and 300 attempts, on a
// young node half of what it has seen) and are thrown away where the judge was in doubt while they
// gathered. Pure; one thread.
#pragma once

#include <array>
#include <cstdint>

#include "evidence/baseline_failure_rate.h"
#include "evidence/contribution.h"
#include "evidence/lagged_blocks.h"
#include "evidence/setup_time.h"

namespace candor {

class Baseline {
 public:
  Baseline();

  // One concluded attempt of a detector.
  void Learn(Detector c, bool failed);
  // A failure that Learn() was told of was a success that came late: taken back from what has not been
  // absorbed yet. False: all of it has.
  bool RetractFailure(Detector c);
  void LearnSetup(Duration setup);
  void LearnAcknowledgement(Duration until_acknowledged);
  // The block now gathering must not teach detector `c`.
  void Exclude(Detector c) { blocks_.gathering().excluded |= Bit(c); }
  void ExcludeAll() { blocks_.gathering().excluded = 0xff; }

  // Closes and absorbs blocks that are due. True when anything below changed.
  bool Advance(Time now);

  double FailureRate(Detector c, Time now) const;
  const SetupTime& setup() const { return setup_; }
  const SetupTime& acknowledgement() const { return acknowledgement_; }
  // Setup times behind the quantiles: below some hundred they are the prior's, not the node's.
  double setups_learned() const { return setups_learned_; }
  size_t blocks_waiting() const { return blocks_.waiting().size(); }

  struct State {  // what outlives the process
    std::array<BaselineFailureRate::Sums, kDetectors> shares{};
    std::array<double, kAgeBins> setup{};
    std::array<double, kAgeBins> acknowledgement{};
  };
  State Export() const;
  // Replaces everything learned; the youngest of it is `age` old at `now`, or at the first Advance().
  void Import(const State& s, Duration age, Time now);

 private:
  struct Gathered {
    std::array<uint32_t, kDetectors> n{}, failed{};
    AgeHistogram setup{}, acknowledgement{};
    uint8_t excluded = 0;
  };
  using Blocks = LaggedBlocks<Gathered>;
  static constexpr uint8_t Bit(Detector c) { return static_cast<uint8_t>(1u << Index(c)); }
  void Absorb(const Blocks::Block& b);

  std::array<BaselineFailureRate, kDetectors> shares_;
  SetupTime setup_, acknowledgement_;
  double setups_learned_ = 0;
  Blocks blocks_;
  Time learned_until_{};
  Duration restored_age_{};  // of what was imported, when time began
};

}  // namespace candor
