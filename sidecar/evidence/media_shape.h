// SPDX-License-Identifier: Apache-2.0
//
// The usual shape of media on this node: of each kind the share of attempts that go without it, and how long
// it takes to come. Learned as the Baseline learns (baseline.h): in blocks that wait out a lag and are thrown
// away, kind by kind, where the judge was in doubt while they gathered. Pure; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "evidence/media_kinds.h"
#include "evidence/setup_time.h"
#include "evidence/usual_share.h"

namespace candor {

class MediaShape {
 public:
  MediaShape();

  // Of one attempt: it came after `waited`, or was waited for so long in vain.
  void Learn(MediaKind k, bool came, Duration waited);
  // One attempt has said all it can.
  void Settled() { ++gathering_.settled, ++settled_; }
  // The block now gathering must not teach the kind, nor the one before it: doubt comes late.
  void Doubt(MediaKind k) { DoubtBits(Bit(k)); }
  void DoubtAll() { DoubtBits(0xff); }
  // Closes and absorbs blocks that are due. True when anything below changed.
  bool Advance(Time now);

  // The share of attempts that go without, an upper bound in [0.01, 0.98]; high before much was learned.
  double Missing(MediaKind k) const;
  // How long it takes where it comes.
  const SetupTime& Times(MediaKind k) const { return kinds_[Index(k)].times; }

  struct Kept {  // of one kind, what outlives the process
    UsualShare::Sums missing;
    std::array<double, kAgeBins> times{};
  };
  using State = std::array<Kept, kMediaKinds>;
  State Export() const;
  // Replaces everything learned; it is `age` old.
  void Import(const State& s, Duration age);

 private:
  struct Kind {
    UsualShare missing;
    SetupTime times;
  };
  struct Gathered {
    uint32_t n = 0, missing = 0;
    AgeHistogram times{};
  };
  struct Block {
    Time begin{}, end{};
    uint64_t settled_before_end = 0;
    std::array<Gathered, kMediaKinds> kinds{};
    uint8_t doubted = 0;
    uint32_t settled = 0;
  };
  static constexpr uint8_t Bit(MediaKind k) { return static_cast<uint8_t>(1u << Index(k)); }
  void DoubtBits(uint8_t bits) {
    gathering_.doubted = static_cast<uint8_t>(gathering_.doubted | bits);
    if (!waiting_.empty()) waiting_.back().doubted = static_cast<uint8_t>(waiting_.back().doubted | bits);
  }
  bool Ripe(const Block& b, Time now) const;
  void Absorb(const Block& b);
  void CloseBlock(Time now);

  std::array<Kind, kMediaKinds> kinds_;
  Block gathering_;
  std::deque<Block> waiting_;
  uint64_t settled_ = 0;
  Time first_{}, learned_until_{};
  bool begun_ = false;
};

}  // namespace candor
