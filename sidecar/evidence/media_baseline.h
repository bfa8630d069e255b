// SPDX-License-Identifier: Apache-2.0
//
// The usual shape of media on this node: of each kind the share of attempts that go without it, and how long
// it takes to come. Learned as the Baseline learns (baseline.h): in blocks that wait out a lag and are thrown
// away, kind by kind, where the judge was in doubt while they gathered. Pure; one thread.
#pragma once

#include <array>
#include <cstdint>

#include "evidence/baseline_failure_rate.h"
#include "evidence/lagged_blocks.h"
#include "evidence/media_kinds.h"
#include "evidence/setup_time.h"

namespace candor {

class MediaBaseline {
 public:
  MediaBaseline();

  // Of one attempt: it came after `waited`, or was waited for so long in vain.
  void Learn(MediaKind k, bool came, Duration waited);
  // One attempt has said all it can.
  void Concluded() { blocks_.Concluded(); }
  // The block now gathering must not teach the kind, nor the one before it: doubt comes late.
  void Exclude(MediaKind k) { ExcludeBits(Bit(k)); }
  void ExcludeAll() { ExcludeBits(0xff); }
  // Closes and absorbs blocks that are due. True when anything below changed.
  bool Advance(Time now);

  // The share of attempts that go without, an upper bound in [0.01, 0.98]; high before much was learned.
  double Missing(MediaKind k) const;
  // How long it takes where it comes.
  const SetupTime& Times(MediaKind k) const { return kinds_[Index(k)].times; }

  struct Kept {  // of one kind, what outlives the process
    BaselineFailureRate::Sums missing;
    std::array<double, kAgeBins> times{};
  };
  using State = std::array<Kept, kMediaKinds>;
  State Export() const;
  // Replaces everything learned; it is `age` old.
  void Import(const State& s, Duration age);

 private:
  struct Kind {
    BaselineFailureRate missing;
    SetupTime times;
  };
  struct Waits {
    uint32_t n = 0, missing = 0;
    AgeHistogram times{};
  };
  struct Gathered {
    std::array<Waits, kMediaKinds> kinds{};
    uint8_t excluded = 0;
  };
  using Blocks = LaggedBlocks<Gathered>;
  static constexpr uint8_t Bit(MediaKind k) { return static_cast<uint8_t>(1u << Index(k)); }
  void ExcludeBits(uint8_t bits) {
    blocks_.gathering().excluded = static_cast<uint8_t>(blocks_.gathering().excluded | bits);
    if (blocks_.waiting().empty()) return;
    uint8_t& before = blocks_.waiting().back().excluded;
    before = static_cast<uint8_t>(before | bits);
  }
  void Absorb(const Blocks::Block& b);

  std::array<Kind, kMediaKinds> kinds_;
  Blocks blocks_;
  Time learned_until_{};
};

}  // namespace candor
