// SPDX-License-Identifier: Apache-2.0
//
// The baseline of media on this node: per kind the share of attempts that never carry it, and the time until
// it comes. Learned like Baseline (baseline.h): in blocks with a lag, discarded per kind when a failure is
// suspected. Pure; one thread.
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

  // Of one attempt: the kind came after `waited`, or was missing for that long.
  void Learn(MediaKind k, bool came, Duration waited);
  // Once for each concluded attempt.
  void Concluded() { blocks_.Concluded(); }
  // The current block and the one before must not be learned from for this kind: suspicion comes late.
  void Exclude(MediaKind k) { ExcludeBits(Bit(k)); }
  void ExcludeAll() { ExcludeBits(0xff); }
  // Closes and absorbs blocks that are due. True when anything below changed.
  bool Advance(Time now);

  // The share of attempts without it, an upper bound in [0.01, 0.98]; high before much was learned.
  double Missing(MediaKind k) const;
  // The time until it comes, where it does.
  const SetupTime& Times(MediaKind k) const { return kinds_[Index(k)].times; }

  struct Kept {  // of one kind, is saved across restarts
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
  static Kind Fresh();
  struct Waits {
    uint32_t n = 0, missing = 0;
    AgeHistogram times{};
  };
  struct Content {
    std::array<Waits, kMediaKinds> kinds{};
    uint8_t excluded = 0;
  };
  using Blocks = LaggedBlocks<Content>;
  static constexpr uint8_t Bit(MediaKind k) { return static_cast<uint8_t>(1u << Index(k)); }
  void ExcludeBits(uint8_t bits) {
    blocks_.current().excluded = static_cast<uint8_t>(blocks_.current().excluded | bits);
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
