// SPDX-License-Identifier: Apache-2.0
#include "verdict/sequential_test.h"

#include <gtest/gtest.h>

#include "verdict/hysteresis.h"

namespace candor {
namespace {

constexpr Contribution kFailure{Contribution::Kind::kFailure, 1};

AttemptRecord From(uint8_t network, bool trusted = false) {
  AttemptRecord r;
  r.acknowledged = r.counted = true;
  r.network = {network, trusted};
  return r;
}

SequentialTest Tuned(Detector d) {
  SequentialTest t(d, SeverityLadder(0.10), 1);
  t.SetRate(1);
  t.Tune(0.03, Likelihood::OfConcluded(0.03, t.severities()));
  return t;
}

TEST(SequentialTest, PendingAttemptsCountForOneDecisionOnly) {
  SequentialTest t = Tuned(Detector::kNeverActive);
  t.Weigh(1e9, true, [&](bool with_summary) {
    for (uint8_t n = 0; n < 12; ++n) t.AddPending(From(n), kFailure, Duration(0), with_summary);
  });
  EXPECT_TRUE(t.fired() && t.in_doubt() && t.Doubtful());
  EXPECT_EQ(t.summary().failed(), 12u);
  t.Weigh(1e9, true, [](bool) {});
  EXPECT_EQ(t.score(), 0);
}

TEST(SequentialTest, WhatCannotBecomeDoubtfulIsNotWeighed) {
  SequentialTest t = Tuned(Detector::kNeverActive);
  t.Commit(From(1), kFailure);
  t.Weigh(t.threshold() / 4, false, [](bool) { FAIL(); });
  EXPECT_EQ(t.score(), 0) << "as it stood";
  t.Weigh(0, true, [](bool) { FAIL(); });
}

TEST(SequentialTest, InDoubtTheFiguresForPeopleAreAdded) {
  SequentialTest t = Tuned(Detector::kNeverActive);
  std::vector<bool> with_summary;
  t.Weigh(1e9, false, [&](bool summary) {
    with_summary.push_back(summary);
    for (uint8_t n = 0; n < 12; ++n) t.AddPending(From(n), kFailure, Duration(0), summary);
  });
  EXPECT_EQ(with_summary, (std::vector<bool>{false, true}));
}

TEST(SequentialTest, ATotalFailureNeedsTheProvenThreshold) {
  const SequentialTest none = Tuned(Detector::kNoneActive), never = Tuned(Detector::kNeverActive);
  EXPECT_EQ(none.threshold(), ProvenThreshold(1, 1));
  EXPECT_EQ(never.threshold(), Threshold(1, 1));
}

TEST(SequentialTest, SoManyFailuresAsItNeedsFireIt) {
  SequentialTest t = Tuned(Detector::kNeverActive);
  const int needed = static_cast<int>(t.Needed());
  const auto score = [&] { return t.Weigh(1e9, true, [](bool) {}), t.score(); };
  for (int i = 0; i < needed - 1; ++i) t.Commit(From(static_cast<uint8_t>(i), true), kFailure);
  EXPECT_LT(score(), t.threshold());
  t.Commit(From(99, true), kFailure);
  EXPECT_GE(score(), t.threshold());
}

TEST(SequentialTest, OtherHypothesesClearTheSums) {
  SequentialTest t = Tuned(Detector::kLessRtpToSenders);
  for (uint8_t n = 0; n < 12; ++n) t.Commit(From(n), kFailure);
  t.SetSeverities(t.severities());
  EXPECT_GT(t.Ceiling(), 0);
  t.SetSeverities(SeverityLadder(0.4));
  EXPECT_EQ(t.Ceiling(), 0);
}

TEST(Hysteresis, IsOnFromTheUpperLevelUntilBelowTheLower) {
  Hysteresis h;
  h.Update(false, false);
  EXPECT_FALSE(h);
  h.Update(true, true);
  EXPECT_TRUE(h);
  h.Update(false, false);
  EXPECT_TRUE(h);
  h.Update(false, true);
  EXPECT_FALSE(h);
}

}  // namespace
}  // namespace candor
