// SPDX-License-Identifier: Apache-2.0
//
// The baseline of this node: per detector the share of attempts that fail, the set-up times, and the time
// until the node acknowledges. Learned in blocks that become effective after a lag (the larger of 200 s and
// 300 attempts, on a young node half of what it has seen); blocks with suspected failures are discarded.
// Pure; one thread.
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
  // A failure given to Learn() has become a late success: removed, unless its block has been absorbed
  // (false).
  bool RetractFailure(Detector c);
  void LearnSetup(Duration setup);
  void LearnAcknowledgement(Duration until_acknowledged);
  // The current block must not be learned from for detector `c`: a failure is suspected.
  void Exclude(Detector c) { blocks_.current().excluded |= Bit(c); }
  void ExcludeAll() { blocks_.current().excluded = 0xff; }

  // Closes and absorbs blocks that are due. True when anything below changed.
  bool Advance(Time now);

  double FailureRate(Detector c, Time now) const;
  const SetupTime& setup() const { return setup_; }
  const SetupTime& acknowledgement() const { return acknowledgement_; }
  // The number of set-up times learned: below some hundred the quantiles are mainly the prior's.
  double setups_learned() const { return setups_learned_; }

  struct State {  // is saved across restarts
    std::array<BaselineFailureRate::Sums, kDetectors> shares{};
    std::array<double, kAgeBins> setup{};
    std::array<double, kAgeBins> acknowledgement{};
  };
  State Export() const;
  // Replaces everything learned; the youngest of it is `age` old at `now`, or at the first Advance().
  void Import(const State& s, Duration age, Time now);

 private:
  struct Content {
    std::array<uint32_t, kDetectors> n{}, failed{};
    AgeHistogram setup{}, acknowledgement{};
    uint8_t excluded = 0;
  };
  using Blocks = LaggedBlocks<Content>;
  static constexpr uint8_t Bit(Detector c) { return static_cast<uint8_t>(1u << Index(c)); }
  void Absorb(const Blocks::Block& b);

  std::array<BaselineFailureRate, kDetectors> shares_;
  SetupTime setup_, acknowledgement_;
  double setups_learned_ = 0;
  Blocks blocks_;
  Time learned_until_{};
  Duration restored_age_{};  // of what was imported before the first Advance()
};

}  // namespace candor
