// SPDX-License-Identifier: Apache-2.0
#include "evidence/stance.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::seconds;
using Kind = Stance::Kind;

class StanceTest : public testing::Test {
 protected:
  StanceTest() {
    r_.start = Time(seconds(100));
    r_.vouched = r_.witness = r_.unvouched_witness = true;
  }
  Stance Says(Channel c, int age) const { return StanceOf(c, r_, r_.start + seconds(age), options_); }
  Kind KindOf(Channel c, int age) const { return Says(c, age).kind; }
  void Attribute(Owed owed, bool alive) {
    r_.attributed = true;
    r_.owed = owed;
    r_.peer_alive = alive;
  }

  AttemptRecord r_;
  StanceOptions options_;
};

TEST_F(StanceTest, APendingAttemptOfATraceIsEvidenceByItsAge) {
  EXPECT_EQ(KindOf(Channel::kNeverActive, 1), Kind::kPending);
  EXPECT_EQ(KindOf(Channel::kNeverActive, 10), Kind::kAgainstNode);
  EXPECT_EQ(KindOf(Channel::kNeverActiveAlive, 1), Kind::kSilent) << "nobody knows whether the peer is alive";
  EXPECT_EQ(KindOf(Channel::kNodeOwed, 9), Kind::kSilent);
}

TEST_F(StanceTest, AnActiveAttemptSpeaksForTheNode) {
  r_.active = r_.start + seconds(1);
  EXPECT_EQ(KindOf(Channel::kNeverActive, 20), Kind::kForNode);
  EXPECT_EQ(KindOf(Channel::kNodeOwed, 20), Kind::kForNode);
}

TEST_F(StanceTest, ARowOfClientsThatWaitQuietlyIsNoTotalFailure) {
  Attribute(Owed::kNone, true);
  r_.phase = Phase::kSecured;
  EXPECT_EQ(KindOf(Channel::kNoneActive, 9), Kind::kPending) << "a trace does not tell of media";
  r_.media_told = true;
  EXPECT_EQ(KindOf(Channel::kNoneActive, 9), Kind::kSilent);
  r_.outcome = Outcome::kStalled;
  EXPECT_EQ(KindOf(Channel::kNoneActive, 11), Kind::kSilent);
  EXPECT_EQ(KindOf(Channel::kNeverActiveAlive, 11), Kind::kAgainstNode) << "slowly, by the usual share";
}

TEST_F(StanceTest, WhoHasWaitedAndBeginsIsNotLateAtOnce) {
  Attribute(Owed::kNone, true);
  r_.media_told = true;
  r_.phase = Phase::kSecured;
  r_.media = kRtpIn;
  r_.media_at = r_.start + seconds(12);
  EXPECT_EQ(KindOf(Channel::kNoneActive, 12), Kind::kSilent);
  r_.owed = Owed::kNode;
  EXPECT_EQ(KindOf(Channel::kNoneActive, 17), Kind::kAgainstNode);
}

TEST_F(StanceTest, WhoSendsOrIsNotSecuredIsNotQuiet) {
  Attribute(Owed::kNone, true);
  r_.media_told = true;
  r_.phase = Phase::kNominated;
  EXPECT_EQ(KindOf(Channel::kNoneActive, 9), Kind::kPending);
  r_.phase = Phase::kSecured;
  r_.media = kRtpIn;
  r_.media_at = r_.start + seconds(1);
  EXPECT_EQ(KindOf(Channel::kNoneActive, 9), Kind::kPending);
  r_.media = 0;
  r_.owed = Owed::kNode;
  EXPECT_EQ(KindOf(Channel::kNoneActive, 9), Kind::kPending);
}

TEST_F(StanceTest, OnlyVouchedAttemptsCount) {
  r_.vouched = r_.witness = false;
  for (const Channel c :
       {Channel::kNeverActive, Channel::kNeverActiveAlive, Channel::kNodeOwed, Channel::kSlowSetup}) {
    EXPECT_EQ(KindOf(c, 9), Kind::kSilent);
  }
}

TEST_F(StanceTest, RetriesAndBrokenClientsDoNotCount) {
  EXPECT_TRUE(Counts(Channel::kNeverActive, r_));
  r_.broken = true;
  EXPECT_FALSE(Counts(Channel::kNeverActive, r_));
  r_.broken = r_.witness = false;
  EXPECT_FALSE(Counts(Channel::kNeverActive, r_));
  EXPECT_TRUE(Counts(Channel::kFrozen, r_)) << "that channel has its own guard";
}

TEST_F(StanceTest, WhoLeftOrWasReplacedNeverCounted) {
  r_.closed = true;
  for (const Outcome o : {Outcome::kLeft, Outcome::kReplaced, Outcome::kUnanswered}) {
    r_.outcome = o;
    for (const Channel c : {Channel::kNeverActive, Channel::kNeverActiveAlive, Channel::kNodeOwed}) {
      EXPECT_EQ(KindOf(c, 3), Kind::kSilent);
    }
  }
}

TEST_F(StanceTest, ARefusalCountsOnlyAsNeverActiveAndLittle) {
  Attribute(Owed::kNone, true);
  r_.closed = true;
  r_.outcome = Outcome::kRefused;
  EXPECT_EQ(Says(Channel::kNeverActive, 1), (Stance{Kind::kAgainstNode, options_.peer_weight}));
  EXPECT_EQ(KindOf(Channel::kNeverActiveAlive, 1), Kind::kSilent);
  EXPECT_EQ(KindOf(Channel::kNodeOwed, 1), Kind::kSilent);
}

TEST_F(StanceTest, AStallIsAFailureAtOnceWhereverItsDebtBelongs) {
  Attribute(Owed::kNode, true);
  r_.closed = true;
  r_.outcome = Outcome::kStalled;
  EXPECT_EQ(Says(Channel::kNodeOwed, 1), (Stance{Kind::kAgainstNode, 1}));
  EXPECT_EQ(Says(Channel::kNeverActive, 1), (Stance{Kind::kAgainstNode, 1}));
  EXPECT_EQ(Says(Channel::kNeverActiveAlive, 1), (Stance{Kind::kAgainstNode, 1}));
  r_.owed = Owed::kPeer;
  EXPECT_EQ(KindOf(Channel::kNodeOwed, 1), Kind::kSilent);
  EXPECT_EQ(Says(Channel::kNeverActive, 1).weight, options_.peer_weight);
}

TEST_F(StanceTest, APeerThatFellSilentWithEverythingAnsweredIsNotHeldAgainstTheNode) {
  Attribute(Owed::kNone, false);
  EXPECT_EQ(KindOf(Channel::kNeverActive, 9), Kind::kSilent);
  EXPECT_EQ(KindOf(Channel::kNeverActiveAlive, 9), Kind::kSilent);
  r_.owed = Owed::kNode;
  EXPECT_NE(KindOf(Channel::kNeverActive, 9), Kind::kSilent) << "it left because the node did not answer";
}

TEST_F(StanceTest, ANodeThatOwesSpeaksAgainstItselfAtOnce) {
  Attribute(Owed::kNode, true);
  EXPECT_EQ(Says(Channel::kNodeOwed, 1), (Stance{Kind::kAgainstNode, 1}));
  EXPECT_EQ(Says(Channel::kNeverActive, 1), (Stance{Kind::kPending, 1}));
}

TEST_F(StanceTest, WhoMayBeLeavingDoesNotTestifyUntilLeaversAreKnown) {
  Attribute(Owed::kNone, true);
  EXPECT_EQ(KindOf(Channel::kNeverActive, 5), Kind::kSilent);
  EXPECT_EQ(Says(Channel::kNeverActive, 9), (Stance{Kind::kPending, options_.peer_weight}));
  r_.owed = Owed::kPath;
  EXPECT_EQ(Says(Channel::kNeverActive, 1), (Stance{Kind::kPending, 1})) << "asked again after the answer";
}

TEST_F(StanceTest, TheFrozenChannelHearsUnansweredChecks) {
  r_.vouched = r_.witness = false;
  Attribute(Owed::kNone, true);
  EXPECT_EQ(KindOf(Channel::kFrozen, 1), Kind::kSilent);
  r_.owed = Owed::kNode;
  EXPECT_EQ(KindOf(Channel::kFrozen, 1), Kind::kAgainstNode);
  r_.owed = Owed::kNone;
  r_.closed = true;
  r_.outcome = Outcome::kUnanswered;
  EXPECT_EQ(KindOf(Channel::kFrozen, 10), Kind::kAgainstNode);
  r_.vouched = true;
  EXPECT_EQ(KindOf(Channel::kFrozen, 10), Kind::kForNode);
}

TEST_F(StanceTest, SlowIsWhatBecomesActiveLaterThanTheNodesUsual99thPercentile) {
  r_.active = r_.start + seconds(4);
  EXPECT_EQ(KindOf(Channel::kSlowSetup, 5), Kind::kSilent) << "not known yet";
  options_.slow = seconds(3);
  EXPECT_EQ(KindOf(Channel::kSlowSetup, 5), Kind::kAgainstNode);
  options_.slow = seconds(5);
  EXPECT_EQ(KindOf(Channel::kSlowSetup, 5), Kind::kForNode);
  r_.active = Time{};
  EXPECT_EQ(KindOf(Channel::kSlowSetup, 6), Kind::kAgainstNode);
  r_.expired = true;
  EXPECT_EQ(KindOf(Channel::kSlowSetup, 11), Kind::kSilent) << "never active is not slow";
}

TEST_F(StanceTest, AnEarlyDropIsAgainstAndSurvivalFor) {
  EXPECT_EQ(EarlyDropStance(r_, r_.start + seconds(3), options_).kind, Kind::kPending);
  EXPECT_EQ(EarlyDropStance(r_, r_.start + seconds(30), options_).kind, Kind::kForNode);
  r_.outcome = Outcome::kEarlyDrop;
  EXPECT_EQ(EarlyDropStance(r_, r_.start + seconds(3), options_).kind, Kind::kAgainstNode);
}

}  // namespace
}  // namespace candor
