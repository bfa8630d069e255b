// SPDX-License-Identifier: Apache-2.0
#include "attempt/lost_here.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

constexpr LostReason kFirewallIn{CANDOR_IN, CANDOR_DROP_NETFILTER};
constexpr LostReason kQueueOut{CANDOR_OUT, CANDOR_DROP_QDISC};
constexpr LostReason kNeighbourOut{CANDOR_OUT, CANDOR_DROP_NEIGHBOUR};
constexpr Duration kTimeout = std::chrono::seconds(1);

Time At(double seconds) { return Time(FromSeconds(100 + seconds)); }

LostReason Standing(LostHere& lost, double now, Time in = {}, Time out = {}) {
  return lost.Standing(At(now), kTimeout, in, out, 2);
}

TEST(LostHere, StandsOnceTheTimeoutHasPassedSinceTheFirstLostPacket) {
  LostHere lost;
  lost.Note(At(0), kFirewallIn, {});
  lost.Note(At(0.5), kFirewallIn, {});
  EXPECT_FALSE(Standing(lost, 0.9));
  EXPECT_EQ(Standing(lost, 1.0), kFirewallIn);
}

TEST(LostHere, OnePacketAloneDoesNotStandWhereTwoAreAskedFor) {
  LostHere lost;
  lost.Note(At(0), kFirewallIn, {});
  EXPECT_FALSE(Standing(lost, 5));
  EXPECT_EQ(lost.Standing(At(5), kTimeout, {}, {}, 1), kFirewallIn);
}

TEST(LostHere, APacketThatGetsThroughLaterEndsIt) {
  LostHere lost;
  lost.Note(At(0), kFirewallIn, {});
  lost.Note(At(0.5), kFirewallIn, {});
  EXPECT_FALSE(Standing(lost, 3, At(1)));
  // And a further loss begins anew.
  lost.Note(At(3), kFirewallIn, At(1));
  lost.Note(At(3.5), kFirewallIn, At(1));
  EXPECT_FALSE(Standing(lost, 3.9, At(1)));
  EXPECT_EQ(Standing(lost, 4, At(1)), kFirewallIn);
}

TEST(LostHere, APacketThatTheHookSawJustBeforeItWasDroppedDidNotGetThrough) {
  LostHere lost;
  lost.Note(At(0), kQueueOut, At(0));
  lost.Note(At(0.5), kQueueOut, At(0.5));
  EXPECT_EQ(Standing(lost, 1.5, {}, At(0.501)), kQueueOut);
}

TEST(LostHere, AnUnresolvedNeighbourDropsSecondsAfterTheHook) {
  LostHere lost;
  lost.Note(At(3), kNeighbourOut, At(3));
  lost.Note(At(3), kNeighbourOut, At(3));
  EXPECT_EQ(Standing(lost, 5, {}, At(5)), kNeighbourOut);
  EXPECT_EQ(Standing(lost, 8, {}, At(8)), kNeighbourOut) << "whether the packet at 5 s is dropped is open";
  EXPECT_FALSE(Standing(lost, 12, {}, At(12)));
}

// The hook's packets are known at once, their drops only when they are read, some looks later.
TEST(LostHere, ARepetitionThatTheHookSawEndsNothingUntilItsDropWouldHaveBeenRead) {
  LostHere lost;
  lost.Note(At(0), kFirewallIn, At(0));
  lost.Note(At(0.5), kFirewallIn, At(0.5));
  EXPECT_EQ(Standing(lost, 1.25, At(1.2)), kFirewallIn);
  lost.Note(At(1.205), kFirewallIn, At(1.2));
  EXPECT_EQ(Standing(lost, 1.75, At(1.7)), kFirewallIn);
  EXPECT_FALSE(Standing(lost, 2.4, At(1.7))) << "no drop of it was read";
}

TEST(LostHere, ADropLongAfterAPacketThatPassedIsAnotherLoss) {
  LostHere lost;
  lost.Note(At(0), kFirewallIn, {});
  lost.Note(At(0.5), kFirewallIn, {});
  EXPECT_EQ(Standing(lost, 1.1, At(1)), kFirewallIn);
  lost.Note(At(1.4), kFirewallIn, At(1));
  EXPECT_FALSE(Standing(lost, 2.2, At(1))) << "one packet, since 1.4 s";
}

TEST(LostHere, TheWayOutIsNamedFirst) {
  LostHere lost;
  for (const double at : {0.0, 0.5}) {
    lost.Note(At(at), kFirewallIn, {});
    lost.Note(At(at), kQueueOut, {});
  }
  EXPECT_EQ(Standing(lost, 2), kQueueOut);
  EXPECT_EQ(Standing(lost, 2, {}, At(1.2)), kFirewallIn);
}

}  // namespace
}  // namespace candor
