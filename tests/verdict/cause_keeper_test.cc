// SPDX-License-Identifier: Apache-2.0
#include "verdict/cause_keeper.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

class CauseKeeperTest : public testing::Test {
 protected:
  static Time At(double s) { return TimeFromNanos(1'000'000'000'000 + static_cast<int64_t>(s * 1e9)); }
  // Every second as many drops on the way out.
  void Drops(double from, double to, uint64_t n) {
    for (double t = from; t < to; ++t) {
      counts_.at = At(t);
      counts_.drops[CANDOR_OUT][CANDOR_DROP_NETFILTER] += n;
      keeper_.ObserveSockets(counts_);
    }
  }
  Verdict Of(State state) {
    Verdict v;
    v.state = state;
    v.failed = v.counted = 9;
    v.window = std::chrono::seconds(3);
    return v;
  }
  Findings Frozen() {
    Findings f;
    f.alarm = Detector::kFrozen;
    return f;
  }
  LocalFacts Facts(double t, bool stopped) {
    LocalFacts f;
    f.at = At(t);
    ProcessFacts p;
    p.processes = 1;
    if (stopped) p.stopped = {{7, "janus"}};
    f.processes = p;
    return f;
  }

  CauseKeeper keeper_;
  SocketCounts counts_;
};

TEST_F(CauseKeeperTest, WhatTheKernelDroppedBeforeTheAlarmIsItsCause) {
  Drops(0, 60, 0);
  Drops(60, 63, 40);
  EXPECT_EQ(keeper_.Update(Of(State::kFailing), Frozen(), At(62.5)).code, "dropped_netfilter_out");
}

TEST_F(CauseKeeperTest, AMeasurementSoonAfterTheAlarmIsStillTaken) {
  Drops(0, 60, 0);
  EXPECT_EQ(keeper_.Update(Of(State::kFailing), Frozen(), At(60)).code, "");
  keeper_.ObserveFacts(Facts(61, true));
  EXPECT_EQ(keeper_.Update(Of(State::kFailing), Frozen(), At(61)).code, "frozen");
}

TEST_F(CauseKeeperTest, WhatBringsTheCauseAboutTakesItsPlaceAndNotTheOtherWayRound) {
  const auto processes = [](double t, uint32_t running, uint32_t restarts) {
    LocalFacts f;
    f.at = At(t);
    ProcessFacts p;
    p.processes = running, p.restarts = p.replaced = restarts,
    p.gone = std::chrono::seconds(running > 0 ? 0 : 6);
    f.processes = p;
    return f;
  };
  Findings f;
  f.harm = Harm::kLocalFault;
  keeper_.ObserveFacts(processes(60, 0, 0));
  EXPECT_EQ(keeper_.Update(Of(State::kDegraded), f, At(60)).code, "process_gone");
  keeper_.ObserveFacts(processes(63, 1, 2));
  EXPECT_EQ(keeper_.Update(Of(State::kDegraded), f, At(63)).code, "restart_loop");
  keeper_.ObserveFacts(processes(65, 0, 1));
  EXPECT_EQ(keeper_.Update(Of(State::kDegraded), f, At(65)).code, "restart_loop");
}

TEST_F(CauseKeeperTest, ThePortOfAServerThatEndsAgainAndAgainIsNotTheCause) {
  Verdict v = Of(State::kDegraded);
  v.cause.code = "dropped_no_socket", v.cause.measured = true, v.cause.text = "No socket has the port.";
  Findings f;
  f.harm = Harm::kLocalFault;
  EXPECT_EQ(keeper_.Update(v, f, At(60)).code, "dropped_no_socket");
  LocalFacts facts;
  facts.at = At(63);
  ProcessFacts p;
  p.processes = 1, p.restarts = p.replaced = 2;
  facts.processes = p;
  keeper_.ObserveFacts(facts);
  EXPECT_EQ(keeper_.Update(v, f, At(63)).code, "restart_loop");
}

TEST_F(CauseKeeperTest, WhatIsSeenDuringTheRepairIsNoCause) {
  Drops(0, 60, 0);
  keeper_.Update(Of(State::kFailing), Frozen(), At(60));
  keeper_.ObserveFacts(Facts(90, true));
  EXPECT_EQ(keeper_.Update(Of(State::kFailing), Frozen(), At(90)).code, "");
}

TEST_F(CauseKeeperTest, AMeasuredCauseStaysUntilTheFaultIsOver) {
  Drops(0, 60, 0);
  Drops(60, 63, 40);
  keeper_.Update(Of(State::kFailing), Frozen(), At(62.5));
  Drops(63, 70, 0);
  EXPECT_EQ(keeper_.Update(Of(State::kFailing), Frozen(), At(69)).code, "dropped_netfilter_out");
  EXPECT_EQ(keeper_.Update(Of(State::kProbation), {}, At(100)).code, "dropped_netfilter_out");
  EXPECT_TRUE(keeper_.Update(Of(State::kHealthy), {}, At(130)).empty());
}

TEST_F(CauseKeeperTest, OldFactsAreNotOfThisFault) {
  keeper_.ObserveFacts(Facts(0, true));
  EXPECT_EQ(keeper_.Update(Of(State::kFailing), Frozen(), At(60)).code, "");
}

TEST_F(CauseKeeperTest, ARestoredAlarmKeepsItsCause) {
  const Cause saved{"conntrack_full", true, "It is full.", "Raise it.", {}};
  keeper_.Restore(saved, Of(State::kFailing), Frozen(), At(0));
  keeper_.ObserveFacts(Facts(1, true));
  EXPECT_EQ(keeper_.Update(Of(State::kFailing), Frozen(), At(1)), saved);
}

TEST_F(CauseKeeperTest, WhatWasDroppedForAMomentIsNotWhyClientsStayAway) {
  Findings f;
  f.harm = Harm::kJoinsWithoutMedia;
  counts_.drops_known = true;
  const auto in = [&](double from, double to, uint64_t n) {
    for (double t = from; t < to; ++t) {
      counts_.at = At(t);
      counts_.drops[CANDOR_IN][CANDOR_DROP_NO_SOCKET] += n;
      keeper_.ObserveSockets(counts_);
    }
  };
  Verdict v = Of(State::kDegraded);
  v.window = std::chrono::seconds(10);
  in(-70, -8, 0), in(-8, -6, 300), in(-6, 1, 0);
  EXPECT_NE(keeper_.Update(v, f, At(0)).code, "dropped_no_socket") << "a restart";
  in(1, 8, 80);
  EXPECT_EQ(keeper_.Update(v, f, At(7)).code, "dropped_no_socket");
}

TEST_F(CauseKeeperTest, OfAttemptsThatCeaseItIsSaidOnlyThatNothingHereExplainsIt) {
  Findings f;
  f.unknown_cause = UnknownCause::kCeased;
  f.measured.arrivals.last = At(-15), f.measured.arrivals.expected = 40;
  counts_.drops_known = true;
  Drops(-20, 4, 0);
  EXPECT_TRUE(keeper_.Update(Of(State::kUnknown), f, At(0)).empty()) << "nothing was read";
  keeper_.ObserveFacts(Facts(1, false));
  const Cause none = keeper_.Update(Of(State::kUnknown), f, At(1));
  EXPECT_EQ(none.code, "no_arrivals_unknown");
  EXPECT_FALSE(none.measured);
  keeper_.ObserveFacts(Facts(2, true));
  EXPECT_TRUE(keeper_.Update(Of(State::kUnknown), f, At(2)).empty()) << "something is not in order";
  f.unknown_cause = UnknownCause::kStale;
  keeper_.ObserveFacts(Facts(3, false));
  EXPECT_TRUE(keeper_.Update(Of(State::kUnknown), f, At(3)).empty()) << "nobody is usual";
}

TEST(SymptomOf, AlarmsAndHarmsShowInTheirOwnWay) {
  Findings f;
  f.alarm = Detector::kWaitingOnNode;
  EXPECT_EQ(SymptomOf(State::kFailing, f), Symptom::kNodeSilent);
  f.alarm = Detector::kNoneActive;
  EXPECT_EQ(SymptomOf(State::kFailing, f), Symptom::kNotActive);
  f.harm = Harm::kFlood;
  EXPECT_EQ(SymptomOf(State::kDegraded, f), Symptom::kNodeSilent);
  f.harm = Harm::kFailedSends;
  EXPECT_EQ(SymptomOf(State::kDegraded, f), Symptom::kSendLoss);
  EXPECT_EQ(SymptomOf(State::kHealthy, f), Symptom::kNone);
}

}  // namespace
}  // namespace candor
