// SPDX-License-Identifier: Apache-2.0
#include "verdict/cusum.h"

#include <gtest/gtest.h>

#include "verdict/sequential_test.h"

namespace candor {
namespace {

constexpr Contribution kAgainst{Contribution::Kind::kFailure, 1};
constexpr Contribution kFor{Contribution::Kind::kSuccess, 1};

class RunningSumTest : public testing::Test {
 protected:
  RunningSumTest() : test_(Detector::kNeverActive, SeverityLadder(0.10), 1) {
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
  void Fail(uint8_t network, bool trusted = false) { test_.Commit(From(network, trusted), kAgainst); }
  double Z() {
    test_.BeginProvisional();
    test_.EndProvisional();
    return test_.z();
  }

  uint64_t id_ = 0;
  SequentialTest test_;
};

TEST_F(RunningSumTest, OneNetworkAloneCountsForAQuarterOfAnAlarm) {
  for (int i = 0; i < 1000; ++i) Fail(1);
  EXPECT_LT(Z(), (test_.h() + std::log(4.0)) / 4 + 0.01);
  EXPECT_GT(test_.unguarded_score(), test_.h()) << "and what is held back is known";
}

TEST_F(RunningSumTest, ThreeNetworksCannotRaiseAnAlarmFourCan) {
  for (int i = 0; i < 100; ++i) Fail(1), Fail(2), Fail(3);
  EXPECT_LT(Z(), test_.h());
  for (int i = 0; i < 100; ++i) Fail(4);
  EXPECT_GE(Z(), test_.h() - 1e-3);
}

TEST_F(RunningSumTest, ATrustedSourceIsExemptFromTheCap) {
  for (int i = 0; i < 6; ++i) Fail(1, true);
  EXPECT_GT(Z(), test_.h());
}

TEST_F(RunningSumTest, SuccessesBringItDownAndNeverBelowZero) {
  for (uint8_t n = 0; n < 3; ++n) Fail(n);
  const double before = Z();
  for (uint8_t n = 10; n < 13; ++n) test_.Commit(From(n), kFor);
  EXPECT_LT(Z(), before);
  for (int i = 0; i < 1000; ++i) test_.Commit(From(9), kFor);
  EXPECT_EQ(Z(), 0);
}

TEST_F(RunningSumTest, ANetworkBrokenByItselfMustFirstShowSuccesses) {
  for (int i = 0; i < 100; ++i) Fail(1);
  for (int i = 0; i < 1000; ++i) test_.Commit(From(9), kFor);  // the story ends: zero
  Fail(1);
  EXPECT_LT(Z(), 0.1) << "its voice is used up";
}

TEST_F(RunningSumTest, WhatTheGuardsSilenceShowsOnlyInTheUnguardedSum) {
  AttemptRecord retry = From(1);
  retry.counted = false;
  for (int i = 0; i < 10; ++i) test_.Commit(retry, kAgainst);
  EXPECT_EQ(Z(), 0);
  EXPECT_GT(test_.unguarded_score(), 5);
  EXPECT_EQ(test_.tally().failed(), 0u);
  EXPECT_EQ(test_.unguarded_summary().failed(), 10u);
}

TEST_F(RunningSumTest, TellsWhatItRestsOn) {
  AttemptRecord r = From(3);
  r.waiting_on = WaitingOn::kNode;
  r.phase = Phase::kNominated;
  test_.Commit(r, kAgainst);
  Fail(4);
  Z();
  const EvidenceSummary& t = test_.tally();
  EXPECT_EQ(t.counted(), 2u);
  EXPECT_EQ(t.failed(), 2u);
  EXPECT_EQ(t.networks(), 2);
  EXPECT_EQ(t.waiting_on()[static_cast<size_t>(WaitingOn::kNode)], 1u);
  EXPECT_EQ(t.heaviest()[0].id, 1u);
}

TEST_F(RunningSumTest, CountsWhatTheCapHeldBack) {
  EXPECT_FALSE(test_.Commit(From(1), kAgainst));
  EXPECT_TRUE(test_.Commit(From(1), kAgainst));
}

TEST_F(RunningSumTest, AFailureThatWasNoneIsTakenBack) {
  std::vector<AttemptRecord> failed;
  for (uint8_t i = 0; i < 12; ++i) {
    failed.push_back(From(static_cast<uint8_t>(i % 6), i % 5 == 0));
    test_.Commit(failed.back(), kAgainst);
  }
  const double sick = Z();
  ASSERT_GT(sick, test_.h());
  for (const AttemptRecord& r : failed) test_.TakeBack(r, kAgainst);
  EXPECT_LT(Z(), 0.01);
  EXPECT_LT(test_.unguarded_score(), 0.01);
  for (const AttemptRecord& r : failed) test_.Commit(r, kAgainst);
  EXPECT_NEAR(Z(), sick, 0.01) << "and nothing is waiting_on";
}

}  // namespace
}  // namespace candor
