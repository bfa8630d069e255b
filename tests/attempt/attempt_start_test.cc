// SPDX-License-Identifier: Apache-2.0
// Only attempts whose beginning was seen are judged: Candor often starts while calls run.
#include <gtest/gtest.h>

#include "scene.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

FlowKey From(uint16_t n) {
  return KeyOf("192.0.2.1", 7882, "198.51.100.7", static_cast<uint16_t>(40000 + n));
}

Client Quiet(uint16_t n) { return {From(n), "node" + std::to_string(n) + ":peer"}; }

// Consent checks of `count` participants every 5 s (RFC 7675 section 5.1), for `rounds` of them.
void Consent(Scene& s, uint16_t count, int rounds, bool answered) {
  static uint8_t transaction = 0;
  for (int r = 0; r < rounds; ++r) {
    for (uint16_t n = 0; n < count; ++n) {
      s.In(Quiet(n).key, Check(Quiet(n).username, ++transaction, true));
      if (answered) s.Out(Quiet(n).key, CheckAnswer(transaction));
      s.Wait(5.0 / count);
    }
  }
}

TEST(AttemptStart, ParticipantsWhoOnlyKeepConsentAreNoNewAttempts) {
  Scene s;
  s.BeginNow();
  Consent(s, 10, 6, true);
  EXPECT_TRUE(s.events().empty());
  EXPECT_EQ(s.counts().attempts, 0u);
  EXPECT_EQ(s.Find("node3").outcome, Outcome::kPending);
  EXPECT_TRUE(s.Find("node3").began_before);
}

TEST(AttemptStart, NorAreThoseWhoseConsentIsNotAnswered) {
  Scene s;
  s.BeginNow();
  Consent(s, 10, 6, false);
  EXPECT_TRUE(s.events().empty());
  EXPECT_EQ(s.counts().attempts, 0u);
}

TEST(AttemptStart, MediaOfACallThatBeganBeforeIsShownAndNotJudged) {
  Scene s;
  s.BeginNow();
  Consent(s, 1, 1, true);
  for (uint16_t i = 0; i < 20; ++i) s.In(From(0), Rtp(7, i)).Out(From(0), Rtp(8, i)).Wait(0.5);
  EXPECT_TRUE(s.events().empty());
  EXPECT_EQ(s.Find("node0").outcome, Outcome::kActive);
  EXPECT_TRUE(s.Find("node0").began_before);
}

TEST(AttemptStart, ChecksAtThePaceOfANewPairAreAnOfferAtOnce) {
  Scene s;
  s.BeginNow();
  const Client c = Quiet(0);
  c.Ice(s, 1).Wait(0.2);
  EXPECT_EQ(s.Count(Kind::kOffered), 0u);
  c.Ice(s, 2);
  EXPECT_EQ(s.Count(Kind::kOffered), 1u);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_FALSE(s.Find("node0").began_before);
}

TEST(AttemptStart, ACheckThatIsAskedAgainIsAnOffer) {
  Scene s;
  s.BeginNow().In(From(0), Check("node0:peer", 1, false)).Wait(0.5);
  s.In(From(0), Check("node0:peer", 1, false)).Wait(1);
  EXPECT_EQ(s.Count(Kind::kOffered), 1u);
  EXPECT_EQ(s.Find("node0").waiting_on, WaitingOn::kNode);
}

TEST(AttemptStart, AHandshakeIsABeginning) {
  Scene s;
  s.BeginNow();
  Quiet(0).Up(s);
  EXPECT_EQ(s.Count(Kind::kOffered), 1u);
  EXPECT_EQ(s.Count(Kind::kActive), 1u);
}

TEST(AttemptStart, WhileAnOlderPairMayHaveLostItsCheckAFirstOneCountsAndIsNoEvidence) {
  Scene s;
  s.BeginNow().Wait(6.5);
  Quiet(0).Ice(s).Wait(0.2);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.Count(Kind::kOffered), 0u);
}

TEST(AttemptStart, UnlessItTriggersACheckOfTheNodes) {
  Scene s;
  s.BeginNow().Wait(6.5);
  const Client c = Quiet(0);
  c.Ice(s).Skip(0.02);
  s.Out(c.key, Check("peer:node0", 7, false)).Wait(0.5);
  EXPECT_EQ(s.Count(Kind::kOffered), 1u);
}

TEST(AttemptStart, OnceConsentHasExpiredOnEveryOlderPairAFirstCheckIsABeginning) {
  Scene s;
  s.BeginNow().Wait(30);
  Quiet(0).Ice(s);
  EXPECT_EQ(s.Count(Kind::kOffered), 1u);
}

TEST(AttemptStart, AFlowThatTheMapLostGoesOnWithItsAttempt) {
  Scene s;
  const Client c = Quiet(0);
  c.Up(s).Wait(3);
  s.Evict(c.key).Wait(4);
  c.Ice(s, 9).Wait(12);
  EXPECT_EQ(s.Count(Kind::kOffered), 1u);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.Find("node0").outcome, Outcome::kActive);
}

}  // namespace
}  // namespace candor
