// SPDX-License-Identifier: Apache-2.0
//
// The two detectors of socket losses: receive drops per datagram that arrived, failed sends per datagram that
// was to be sent. Both harm without preventing, so they never make a node FAILING. Pure; one thread.
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

  // `allowed`: false alarms of the whole judge per 30 days, > 0.
  explicit SocketDetectors(double allowed)
      : tests_{SocketLossDetector(allowed / rule::kSocketBudgetParts),
               SocketLossDetector(allowed / rule::kSocketBudgetParts)} {}

  // Counts of the same `at` again, or without one, are ignored.
  void Observe(const SocketCounts& c);
  void Advance(Time now);

  // kReceiveDrops, kFailedSends or kNone. Drops come first: the media server never receives them.
  Harm harm() const;
  // Makes the detector of `harm` the deciding one; other harms change nothing.
  void Fill(Harm harm, Verdict* v) const;
  // Appends the detectors and their figures, once there is evidence.
  void Show(Verdict* v) const;

  Learned learned() const { return {tests_[0].learned(), tests_[1].learned()}; }
  void Relearn(const Learned& learned);

 private:
  std::array<SocketLossDetector, kLosses> tests_;
  // The kernel's drops by reason, before the window of the figures and at its end.
  struct Reasons {
    DropSums begun{}, last{};
  };
  void Observe(size_t loss, const SocketCounts& c, uint64_t tried, uint64_t lost);
  candor_drop_reason Cause(size_t loss) const;

  std::array<Reasons, kLosses> reasons_;
  Time observed_{};
};

}  // namespace candor
