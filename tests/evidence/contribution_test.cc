// SPDX-License-Identifier: Apache-2.0
#include "evidence/contribution.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::seconds;
using Kind = Contribution::Kind;

class ContributionTest : public testing::Test {
 protected:
  ContributionTest() {
    r_.start = Time(seconds(100));
    r_.acknowledged = r_.counted = r_.counted_if_offered = true;
  }
  Contribution Says(Detector c, int age) const {
    return ContributionOf(c, r_, r_.start + seconds(age), options_);
  }
  Kind KindOf(Detector c, int age) const { return Says(c, age).kind; }
  void Attribute(WaitingOn waiting_on, bool alive) {
    r_.attributed = true;
    r_.waiting_on = waiting_on;
    r_.peer_alive = alive;
  }

  AttemptRecord r_;
  ContributionOptions options_;
};

TEST_F(ContributionTest, APendingAttemptOfATraceIsEvidenceByItsAge) {
  EXPECT_EQ(KindOf(Detector::kNeverActive, 1), Kind::kPending);
  EXPECT_EQ(KindOf(Detector::kNeverActive, 10), Kind::kFailure);
  EXPECT_EQ(KindOf(Detector::kNeverActiveAlive, 1), Kind::kNeutral)
      << "the source does not report whether the peer is alive";
  EXPECT_EQ(KindOf(Detector::kWaitingOnNode, 9), Kind::kNeutral);
}

TEST_F(ContributionTest, AnActiveAttemptSpeaksForTheNode) {
  r_.active = r_.start + seconds(1);
  EXPECT_EQ(KindOf(Detector::kNeverActive, 20), Kind::kSuccess);
  EXPECT_EQ(KindOf(Detector::kWaitingOnNode, 20), Kind::kSuccess);
}

TEST_F(ContributionTest, ARowOfClientsThatWaitQuietlyIsNoTotalFailure) {
  Attribute(WaitingOn::kNone, true);
  r_.phase = Phase::kSecured;
  EXPECT_EQ(KindOf(Detector::kNoneActive, 9), Kind::kPending) << "a trace without media";
  r_.media_known = true;
  EXPECT_EQ(KindOf(Detector::kNoneActive, 9), Kind::kNeutral);
  r_.outcome = Outcome::kStalled;
  EXPECT_EQ(KindOf(Detector::kNoneActive, 11), Kind::kNeutral);
  EXPECT_EQ(KindOf(Detector::kNeverActiveAlive, 11), Kind::kFailure) << "with the weight of a peer";
}

TEST_F(ContributionTest, WhoHasWaitedAndBeginsIsNotLateAtOnce) {
  Attribute(WaitingOn::kNone, true);
  r_.media_known = true;
  r_.phase = Phase::kSecured;
  r_.media = kRtpIn;
  r_.media_at = r_.start + seconds(12);
  EXPECT_EQ(KindOf(Detector::kNoneActive, 12), Kind::kNeutral);
  r_.waiting_on = WaitingOn::kNode;
  EXPECT_EQ(KindOf(Detector::kNoneActive, 17), Kind::kFailure);
}

TEST_F(ContributionTest, WhoSendsOrIsNotSecuredIsNotQuiet) {
  Attribute(WaitingOn::kNone, true);
  r_.media_known = true;
  r_.phase = Phase::kNominated;
  EXPECT_EQ(KindOf(Detector::kNoneActive, 9), Kind::kPending);
  r_.phase = Phase::kSecured;
  r_.media = kRtpIn;
  r_.media_at = r_.start + seconds(1);
  EXPECT_EQ(KindOf(Detector::kNoneActive, 9), Kind::kPending);
  r_.media = 0;
  r_.waiting_on = WaitingOn::kNode;
  EXPECT_EQ(KindOf(Detector::kNoneActive, 9), Kind::kPending);
}

TEST_F(ContributionTest, OnlyAcknowledgedAttemptsCount) {
  r_.acknowledged = r_.counted = false;
  for (const Detector c : {Detector::kNeverActive, Detector::kNeverActiveAlive, Detector::kWaitingOnNode,
                           Detector::kSlowSetup}) {
    EXPECT_EQ(KindOf(c, 9), Kind::kNeutral);
  }
}

TEST_F(ContributionTest, RetriesAndBrokenClientsDoNotCount) {
  EXPECT_TRUE(IsCounted(Detector::kNeverActive, r_));
  r_.broken = true;
  EXPECT_FALSE(IsCounted(Detector::kNeverActive, r_));
  r_.broken = r_.counted = false;
  EXPECT_FALSE(IsCounted(Detector::kNeverActive, r_));
  EXPECT_TRUE(IsCounted(Detector::kFrozen, r_)) << "that detector has its own filter";
}

TEST_F(ContributionTest, WhoLeftOrWasReplacedNeverCounted) {
  r_.closed = true;
  for (const Outcome o : {Outcome::kLeft, Outcome::kReplaced, Outcome::kUnanswered}) {
    r_.outcome = o;
    for (const Detector c : {Detector::kNeverActive, Detector::kNeverActiveAlive, Detector::kWaitingOnNode}) {
      EXPECT_EQ(KindOf(c, 3), Kind::kNeutral);
    }
  }
}

TEST_F(ContributionTest, ARefusalCountsAsNeverActiveALittleAndOfATotalFailureInFull) {
  Attribute(WaitingOn::kNone, true);
  r_.closed = true;
  r_.outcome = Outcome::kRefused;
  EXPECT_EQ(Says(Detector::kNeverActive, 1), (Contribution{Kind::kFailure, options_.peer_weight}));
  EXPECT_EQ(Says(Detector::kNoneActive, 1), (Contribution{Kind::kFailure, 1}));
  EXPECT_EQ(KindOf(Detector::kNeverActiveAlive, 1), Kind::kNeutral);
  EXPECT_EQ(KindOf(Detector::kWaitingOnNode, 1), Kind::kNeutral);
  r_.phase = Phase::kSecured;
  EXPECT_EQ(KindOf(Detector::kNoneActive, 1), Kind::kNeutral) << "hung up";
  r_.phase = Phase::kNominated, r_.acknowledged = false;
  EXPECT_EQ(KindOf(Detector::kNoneActive, 1), Kind::kNeutral);
}

TEST_F(ContributionTest, AStallIsAFailureAtOnceForAnySide) {
  Attribute(WaitingOn::kNode, true);
  r_.closed = true;
  r_.outcome = Outcome::kStalled;
  EXPECT_EQ(Says(Detector::kWaitingOnNode, 1), (Contribution{Kind::kFailure, 1}));
  EXPECT_EQ(Says(Detector::kNeverActive, 1), (Contribution{Kind::kFailure, 1}));
  EXPECT_EQ(Says(Detector::kNeverActiveAlive, 1), (Contribution{Kind::kFailure, 1}));
  r_.waiting_on = WaitingOn::kPeer;
  EXPECT_EQ(KindOf(Detector::kWaitingOnNode, 1), Kind::kNeutral);
  EXPECT_EQ(Says(Detector::kNeverActive, 1).weight, options_.peer_weight);
}

TEST_F(ContributionTest, APeerThatFellSilentWithEverythingAnsweredIsNotHeldAgainstTheNode) {
  Attribute(WaitingOn::kNone, false);
  EXPECT_EQ(KindOf(Detector::kNeverActive, 9), Kind::kNeutral);
  EXPECT_EQ(KindOf(Detector::kNeverActiveAlive, 9), Kind::kNeutral);
  r_.waiting_on = WaitingOn::kNode;
  EXPECT_NE(KindOf(Detector::kNeverActive, 9), Kind::kNeutral) << "it left because the node did not answer";
}

TEST_F(ContributionTest, AnAttemptThatWaitsOnTheNodeIsAFailureAtOnce) {
  Attribute(WaitingOn::kNode, true);
  EXPECT_EQ(Says(Detector::kWaitingOnNode, 1), (Contribution{Kind::kFailure, 1}));
  EXPECT_EQ(Says(Detector::kNeverActive, 1), (Contribution{Kind::kPending, 1}));
}

TEST_F(ContributionTest, WhoMayBeLeavingDoesNotTestifyUntilLeaversAreKnown) {
  Attribute(WaitingOn::kNone, true);
  EXPECT_EQ(KindOf(Detector::kNeverActive, 5), Kind::kNeutral);
  EXPECT_EQ(Says(Detector::kNeverActive, 9), (Contribution{Kind::kPending, options_.peer_weight}));
  r_.waiting_on = WaitingOn::kPath;
  EXPECT_EQ(Says(Detector::kNeverActive, 1), (Contribution{Kind::kPending, 1}))
      << "asked again after the answer";
}

TEST_F(ContributionTest, TheFrozenChannelHearsUnansweredChecks) {
  r_.acknowledged = r_.counted = false;
  Attribute(WaitingOn::kNone, true);
  EXPECT_EQ(KindOf(Detector::kFrozen, 1), Kind::kNeutral);
  r_.waiting_on = WaitingOn::kNode;
  EXPECT_EQ(KindOf(Detector::kFrozen, 1), Kind::kFailure);
  r_.waiting_on = WaitingOn::kNone;
  r_.closed = true;
  r_.outcome = Outcome::kUnanswered;
  EXPECT_EQ(KindOf(Detector::kFrozen, 10), Kind::kFailure);
  r_.acknowledged = true;
  EXPECT_EQ(KindOf(Detector::kFrozen, 10), Kind::kSuccess);
}

TEST_F(ContributionTest, SlowIsLaterThanTheBaselines99thPercentile) {
  r_.active = r_.start + seconds(4);
  EXPECT_EQ(KindOf(Detector::kSlowSetup, 5), Kind::kNeutral) << "not known yet";
  options_.slow = seconds(3);
  EXPECT_EQ(KindOf(Detector::kSlowSetup, 5), Kind::kFailure);
  options_.slow = seconds(5);
  EXPECT_EQ(KindOf(Detector::kSlowSetup, 5), Kind::kSuccess);
  r_.active = Time{};
  EXPECT_EQ(KindOf(Detector::kSlowSetup, 6), Kind::kFailure);
  r_.expired = true;
  EXPECT_EQ(KindOf(Detector::kSlowSetup, 11), Kind::kNeutral) << "never active is not slow";
}

TEST_F(ContributionTest, AnEarlyDropIsAgainstAndSurvivalFor) {
  EXPECT_EQ(EarlyDropContribution(r_, r_.start + seconds(3), options_).kind, Kind::kPending);
  EXPECT_EQ(EarlyDropContribution(r_, r_.start + seconds(30), options_).kind, Kind::kSuccess);
  r_.outcome = Outcome::kEarlyDrop;
  EXPECT_EQ(EarlyDropContribution(r_, r_.start + seconds(3), options_).kind, Kind::kFailure);
}

}  // namespace
}  // namespace candor
