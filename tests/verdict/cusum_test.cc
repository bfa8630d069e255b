// SPDX-License-Identifier: Apache-2.0
#include "verdict/cusum.h"

#include <gtest/gtest.h>

#include "verdict/sequential_test.h"

namespace candor {
namespace {

constexpr Contribution kFailure{Contribution::Kind::kFailure, 1};
constexpr Contribution kSuccess{Contribution::Kind::kSuccess, 1};

class CusumTest : public testing::Test {
 protected:
  CusumTest() : test_(Detector::kNeverActive, SeverityLadder(0.10), 1) {
    ByAge f{};
    for (size_t bin = 0; bin < kAgeBins; ++bin) f[bin] = Seconds(AgeBinStart(bin)) > 1 ? 0.99 : 0.0;
    test_.SetRate(1);
    test_.Tune(0.03, Likelihood::OfSuccessesComing(0.03, SeverityLadder(0.10), f));
  }
  AttemptRecord From(uint8_t network, bool trusted = false) {
    AttemptRecord r;
    r.id = ++id_;
    r.acknowledged = r.counted = true;
    r.network = {network, trusted};
    return r;
  }
  void Fail(uint8_t network, bool trusted = false) { test_.Commit(From(network, trusted), kFailure); }
  double Score() {
    test_.Weigh(1e9, true, [](bool) {});
    return test_.score();
  }

  uint64_t id_ = 0;
  SequentialTest test_;
};

TEST_F(CusumTest, OneNetworkAloneCountsForAQuarterOfAnAlarm) {
  for (int i = 0; i < 1000; ++i) Fail(1);
  EXPECT_LT(Score(), (test_.threshold() + std::log(4.0)) / 4 + 0.01);
  EXPECT_GT(test_.unguarded_score(), test_.threshold()) << "and what is held back shows";
}

TEST_F(CusumTest, ThreeNetworksCannotRaiseAnAlarmFourCan) {
  for (int i = 0; i < 100; ++i) Fail(1), Fail(2), Fail(3);
  EXPECT_LT(Score(), test_.threshold());
  for (int i = 0; i < 100; ++i) Fail(4);
  EXPECT_GE(Score(), test_.threshold() - 1e-3);
}

TEST_F(CusumTest, ATrustedSourceIsExemptFromTheLimit) {
  for (int i = 0; i < 6; ++i) Fail(1, true);
  EXPECT_GT(Score(), test_.threshold());
}

TEST_F(CusumTest, SuccessesBringItDownAndNeverBelowZero) {
  for (uint8_t n = 0; n < 3; ++n) Fail(n);
  const double before = Score();
  for (uint8_t n = 10; n < 13; ++n) test_.Commit(From(n), kSuccess);
  EXPECT_LT(Score(), before);
  for (int i = 0; i < 1000; ++i) test_.Commit(From(9), kSuccess);
  EXPECT_EQ(Score(), 0);
}

TEST_F(CusumTest, ANetworkThatFailsByItselfMustFirstSucceed) {
  for (int i = 0; i < 100; ++i) Fail(1);
  for (int i = 0; i < 1000; ++i) test_.Commit(From(9), kSuccess);  // back to zero
  Fail(1);
  EXPECT_LT(Score(), 0.1) << "its limit is used up";
}

TEST_F(CusumTest, WhatTheGuardsHoldBackShowsOnlyInTheUnguardedSum) {
  AttemptRecord retry = From(1);
  retry.counted = false;
  for (int i = 0; i < 10; ++i) test_.Commit(retry, kFailure);
  EXPECT_EQ(Score(), 0);
  EXPECT_GT(test_.unguarded_score(), 5);
  EXPECT_EQ(test_.summary().failed(), 0u);
  EXPECT_EQ(test_.unguarded_summary().failed(), 10u);
}

TEST_F(CusumTest, SummarizesTheAttemptsBehindIt) {
  AttemptRecord r = From(3);
  r.waiting_on = WaitingOn::kNode;
  r.phase = Phase::kNominated;
  test_.Commit(r, kFailure);
  Fail(4);
  Score();
  const EvidenceSummary& t = test_.summary();
  EXPECT_EQ(t.counted(), 2u);
  EXPECT_EQ(t.failed(), 2u);
  EXPECT_EQ(t.networks(), 2);
  EXPECT_EQ(t.waiting_on()[static_cast<size_t>(WaitingOn::kNode)], 1u);
  EXPECT_EQ(t.heaviest()[0].id, 1u);
}

TEST_F(CusumTest, ReportsWhatTheLimitHoldsBack) {
  EXPECT_FALSE(test_.Commit(From(1), kFailure));
  EXPECT_TRUE(test_.Commit(From(1), kFailure));
}

TEST_F(CusumTest, AFailureThatBecameASuccessIsRetracted) {
  std::vector<AttemptRecord> failed;
  for (uint8_t i = 0; i < 12; ++i) {
    failed.push_back(From(static_cast<uint8_t>(i % 6), i % 5 == 0));
    test_.Commit(failed.back(), kFailure);
  }
  const double failing = Score();
  ASSERT_GT(failing, test_.threshold());
  for (const AttemptRecord& r : failed) test_.Retract(r, kFailure);
  EXPECT_LT(Score(), 0.01);
  EXPECT_LT(test_.unguarded_score(), 0.01);
  for (const AttemptRecord& r : failed) test_.Commit(r, kFailure);
  EXPECT_NEAR(Score(), failing, 0.01) << "and nothing is left over";
}

}  // namespace
}  // namespace candor
