// SPDX-License-Identifier: Apache-2.0
//
// Socket evidence as the judge weighs it: receive drops for each datagram that arrived, failed sends for each
// that was to be sent. Both harm without preventing, so they never make a node FAILING. Pure; one thread.
#pragma once

#include <array>

#include "flow/socket_counts.h"
#include "verdict/findings.h"
#include "verdict/socket_loss_detector.h"
#include "verdict/verdict.h"

namespace candor {

class SocketDetectors {
 public:
  static constexpr size_t kLosses = 2;
  static constexpr std::array<std::string_view, kLosses> kNames = {"receive_drops", "failed_sends"};
  using Learned = std::array<BaselineFailureRate::Sums, kLosses>;  // in the order of kNames

  // `allowed`: false alarms of the whole judge per 30 days; of these each loss has a hundredth, which the
  // panel leaves (detector_bank.cc).
  explicit SocketDetectors(double allowed)
      : tests_{SocketLossDetector(allowed / 100), SocketLossDetector(allowed / 100)} {}

  // Counts that were seen before, or of no reading, are none.
  void Observe(const SocketCounts& c);
  void Advance(Time now);

  // kReceiveDrops, kFailedSends or kNone. Drops come first: they are what the node did not even hear.
  Harm harm() const;
  // Makes `harm`'s detector the one that decided; nothing for other harms.
  void Fill(Harm harm, Verdict* v) const;
  // Appends to detectors, and puts the figures in; nothing before there was evidence.
  void Show(Verdict* v) const;

  Learned learned() const { return {tests_[0].learned(), tests_[1].learned()}; }
  void Relearn(const Learned& learned);

 private:
  std::array<SocketLossDetector, kLosses> tests_;
  // What the kernel said until the window of a test's figures began, and until its last second was over.
  struct Reasons {
    DropSums begun{}, last{};
  };
  void Observe(size_t loss, const SocketCounts& c, uint64_t tried, uint64_t lost);
  candor_drop_reason Cause(size_t loss) const;

  std::array<Reasons, kLosses> reasons_;
  Time seen_{};
};

}  // namespace candor
