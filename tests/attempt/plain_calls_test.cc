// SPDX-License-Identifier: Apache-2.0
// Silence on plain calls: what is permitted (RFC 3264), and what is a failure of the node.
#include "attempt/plain_calls.h"

#include <gtest/gtest.h>

#include "calls.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

uint64_t StalledByNode(const Scene& s) { return s.counts().stalled[CANDOR_WAITING_ON_NODE]; }

TEST(PlainCalls, ACallThatGetsNothingWaitsOnANodeThatServesItsCalls) {
  Scene s;
  ServeCalls(s, 6);
  Call call(1);
  Go(s, 11, [&] { call.In(s); });
  EXPECT_EQ(call.View(s).waiting_on, WaitingOn::kNode);
  EXPECT_EQ(call.View(s).outcome, Outcome::kStalled);
  EXPECT_EQ(StalledByNode(s), 1u);
}

TEST(PlainCalls, ANodeThatHasNeverSentPlainMediaIsNotWaitedOn) {
  Scene s;
  for (uint16_t i = 0; i < 8; ++i) {
    Call call(i);
    Go(s, 20, [&] { call.In(s); });
    EXPECT_EQ(call.View(s).waiting_on, WaitingOn::kNone);
  }
  EXPECT_EQ(StalledByNode(s), 0u);
  EXPECT_TRUE(s.events().empty()) << "a recorder's calls are no evidence";
  s.Wait(70);
  EXPECT_EQ(s.counts().left, 8u);
  EXPECT_TRUE(s.counts().AddsUp());
}

TEST(PlainCalls, ARecorderThatOnceMadeACallIsStillARecorder) {
  Scene s;
  ServeCalls(s, 1);
  for (uint16_t i = 0; i < 20; ++i) {
    Call call(i);
    Go(s, 12, [&] { call.In(s); });
  }
  EXPECT_EQ(StalledByNode(s), 0u);
}

// Every second call of this node only listens: two in a row are insignificant, a dozen are not.
TEST(PlainCalls, WhereManyCallsOnlyListenALongRowOfThemIsNewsAndAShortOneIsNot) {
  Scene s;
  for (uint16_t i = 0; i < 20; ++i) {
    Call listens(static_cast<uint16_t>(2 * i)), talks(static_cast<uint16_t>(2 * i + 1));
    Go(s, 12, [&] { listens.In(s); });
    Go(s, 5, [&] { talks.Both(s); });
  }
  EXPECT_EQ(StalledByNode(s), 0u);
  for (uint16_t i = 100; i < 112; ++i) {
    Call call(i);
    Go(s, 12, [&] { call.In(s); });
  }
  EXPECT_GT(StalledByNode(s), 5u);
}

TEST(PlainCalls, AOneWayLegDoesNotWaitOnANodeThatServesOthers) {
  Scene s;
  ServeCalls(s, 6);
  Call one_way(1), other(2);
  Go(s, 12, [&] { one_way.In(s), other.Both(s); });
  EXPECT_EQ(other.View(s).outcome, Outcome::kActive);
  EXPECT_EQ(one_way.View(s).waiting_on, WaitingOn::kNone);
  EXPECT_EQ(StalledByNode(s), 0u);
}

// After a partial failure every second call gets nothing and the others are served: no run shows it, the
// share does.
TEST(PlainCalls, MoreUnservedCallsThanTheBaselineWaitOnTheNodeThoughOthersAreServed) {
  for (const bool usual : {false, true}) {
    Scene s;
    for (int i = 0; i < 40; ++i) {
      if (usual) {
        Call call(static_cast<uint16_t>(2000 + i));
        Go(s, 5, [&] { call.In(s); });
      }
      Call call(static_cast<uint16_t>(1000 + i));
      Go(s, 5, [&] { call.Both(s); });
    }
    ServeCalls(s, 20);
    for (uint16_t i = 0; i < 20; ++i) {
      Call nothing(static_cast<uint16_t>(2 * i)), served(static_cast<uint16_t>(2 * i + 1));
      Go(s, 11, [&] { nothing.In(s), served.Both(s); });
    }
    if (usual) {
      EXPECT_EQ(StalledByNode(s), 0u) << "as before";
    } else {
      EXPECT_GE(StalledByNode(s), 15u);
    }
  }
}

// Calls that come in batches are held in batches, until the node falls silent to all at one moment.
TEST(PlainCalls, SoManyCallsAsHaveFallenQuietAtOnceBeforeAreNoProofAndMoreAre) {
  Scene s;
  const auto batch = [&](uint16_t first, int size, bool others) {
    std::vector<Call> calls;
    for (int i = 0; i < size; ++i) calls.emplace_back(static_cast<uint16_t>(first + i));
    Call other(static_cast<uint16_t>(first + 100));
    Go(s, 8, [&] {
      for (Call& c : calls) c.Both(s);
    });
    Go(s, 15, [&] {
      for (Call& c : calls) c.In(s);
      if (others) other.Both(s);
    });
    s.Wait(70);
  };
  batch(1, 6, true);
  batch(201, 6, false);
  EXPECT_EQ(s.counts().early_drop, 0u);
  batch(401, 20, false);
  EXPECT_EQ(s.counts().early_drop, 20u);
}

TEST(PlainCalls, APeerThatSendsFromElsewhereToThePortThatServesItIsServed) {
  for (const bool same_port : {true, false}) {
    Scene s;
    ServeCalls(s, 30);
    const FlowKey out = KeyOf("192.0.2.1", 30000, "198.51.100.7", 40000);
    const FlowKey in = KeyOf("192.0.2.1", same_port ? 30000 : 30002, "198.51.100.8", 5000);
    uint16_t n = 0;
    Go(s, 4, [&] { ++n, s.Out(out, Rtp(1, n)).In(out, Rtp(2, n)); });
    Go(s, 12, [&] { s.In(in, Rtp(3, ++n)); });
    EXPECT_EQ(StalledByNode(s), same_port ? 0u : 1u);
  }
}

// Thirty calls are held at once. After the pause of the re-INVITE their music comes with another SSRC.
TEST(PlainCalls, MusicOnHoldWithAnotherSsrcIsTheSameCallAndAnotherCallLaterIsNot) {
  for (const double pause : {3.0, 8.0}) {
    Scene s;
    ServeCalls(s, 30);
    std::vector<Call> calls;
    for (uint16_t i = 0; i < 30; ++i) calls.emplace_back(i);
    Go(s, 8, [&] {
      for (Call& c : calls) c.Both(s);
    });
    s.Wait(pause);
    uint16_t n = 0;
    Go(s, 12, [&] {
      ++n;
      for (Call& c : calls) s.In(c.key(), Rtp(9000u + c.key().local_port, n));
    });
    EXPECT_EQ(StalledByNode(s), pause < 5 ? 0u : 30u);
  }
}

// RFC 3264 section 8.4, without RTCP, one call after another.
TEST(PlainCalls, HoldIsNoDropHoweverManyCallsInARowAreHeld) {
  Scene s;
  for (uint16_t i = 0; i < 12; ++i) {
    Call call(i);
    Go(s, 5, [&] { call.Both(s); });
    Go(s, 15, [&] { call.In(s); });
    EXPECT_EQ(call.View(s).outcome, Outcome::kActive);
    s.Wait(20);
  }
  EXPECT_EQ(s.counts().early_drop, 0u);
}

// A greeting of 6 s, then the caller speaks for 25 s and nothing goes out: calls overlap, greetings rarely
// do.
TEST(PlainCalls, VoicemailIsNoDropThoughItsCallsOverlap) {
  Scene s;
  std::vector<Call> calls;
  for (uint16_t i = 0; i < 40; ++i) calls.emplace_back(i);
  const auto phase = [](size_t i, double now) { return now - 11.0 * static_cast<double>(i); };
  double now = 0;
  Go(s, 11.0 * 40, [&] {
    for (size_t i = 0; i < calls.size(); ++i) {
      const double into = phase(i, now);
      if (into >= 0 && into < 6) calls[i].Out(s);
      if (into >= 0.1 && into < 31) calls[i].In(s);
    }
    now += 0.2;
  });
  EXPECT_EQ(s.counts().active, 40u);
  EXPECT_EQ(s.counts().early_drop, 0u);
}

TEST(PlainCalls, CallsThatRanSideBySideAndFellSilentTogetherWereDropped) {
  Scene s;
  std::vector<Call> calls = {Call(1), Call(2), Call(3), Call(4)};
  Go(s, 6, [&] {
    for (Call& c : calls) c.Both(s);
  });
  Go(s, 10, [&] {
    for (Call& c : calls) c.In(s);
  });
  EXPECT_EQ(s.counts().early_drop, 4u);
  EXPECT_EQ(s.Count(Kind::kDead), 4u);
  EXPECT_EQ(s.counts().active, 4u) << "a dropped call was active";
  EXPECT_TRUE(s.counts().AddsUp());
}

TEST(PlainCalls, TwoLegsOfOneCallThatFallSilentTogetherAreNoProof) {
  Scene s;
  Call a(1), b(2);
  Go(s, 6, [&] { a.Both(s), b.Both(s); });
  Go(s, 12, [&] { a.In(s), b.In(s); });
  EXPECT_EQ(s.counts().early_drop, 0u);
}

TEST(PlainCalls, ALegOnHoldIsNotDroppedWhileOthersAreServed) {
  Scene s;
  Call held(1), other(2);
  Go(s, 3, [&] { held.Both(s).Reports(s), other.Both(s); });
  Go(s, 15, [&] { held.In(s), other.Both(s); });
  EXPECT_EQ(held.View(s).outcome, Outcome::kActive);
}

TEST(PlainCalls, ACallWhoseRtcpStopsWithItsMediaWasDropped) {
  Scene s;
  Call call(1);
  Go(s, 6, [&] { call.Both(s).Reports(s); });
  Go(s, 10, [&] { call.In(s); });
  EXPECT_EQ(call.View(s).outcome, Outcome::kEarlyDrop);
}

TEST(PlainCalls, ACallOnHoldWhoseRtcpGoesOnIsServed) {
  Scene s;
  Call call(1);
  Go(s, 6, [&] { call.Both(s).Reports(s); });
  for (int i = 0; i < 4; ++i) {
    Go(s, 5, [&] { call.In(s); });
    call.Reports(s);
  }
  EXPECT_EQ(call.View(s).outcome, Outcome::kActive);
}

// Early media, and silence as soon as the peer talks: one direction of the node is broken.
TEST(PlainCalls, ACallThatGotOnlyEarlyMediaIsDroppedByANodeThatServesItsCalls) {
  for (const bool serves : {true, false}) {
    Scene s;
    if (serves) ServeCalls(s, 8);
    Call call(1);
    Go(s, 5, [&] { call.Out(s); });
    Go(s, 12, [&] { call.In(s); });
    EXPECT_EQ(call.View(s).outcome, serves ? Outcome::kEarlyDrop : Outcome::kActive);
  }
}

TEST(PlainCalls, AnOldCallThatShowsOneWaySoonAfterTheStartIsNotHeldAgainstTheNode) {
  for (const double after : {5.0, 11.0}) {
    Scene s;
    ServeCalls(s, 8);
    s.Wait(5).BeginNow().Wait(after);
    Call call(1);
    Go(s, 12, [&] { call.In(s); });
    EXPECT_EQ(call.View(s).outcome, after < 10 ? Outcome::kPending : Outcome::kStalled) << after;
  }
}

}  // namespace
}  // namespace candor
