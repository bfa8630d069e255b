// SPDX-License-Identifier: Apache-2.0
#include "attempt/owes.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::seconds;

const Patience kPatience{seconds(1), seconds(5)};
Time At(double s) { return TimeFromNanos(1'000'000'000) + FromSeconds(s); }
uint64_t Ns(double s) { return NanosOf(At(s)); }

TEST(OwedPast, NobodyOwesBeforePatienceIsOver) {
  FlowState f{};
  f.ice.node_ns = Ns(0);
  EXPECT_EQ(OwedPast(f, At(0.999), kPatience), Owed::kNone);
  EXPECT_EQ(OwedPast(f, At(1), kPatience), Owed::kNode);
}

TEST(OwedPast, TheNodesDebtCountsBeforeThePathsAndThePeers) {
  FlowState f{};
  f.dtls.peer_ns = Ns(0);
  EXPECT_EQ(OwedPast(f, At(2), kPatience), Owed::kPeer);
  f.path_ns = Ns(0);
  EXPECT_EQ(OwedPast(f, At(2), kPatience), Owed::kPath);
  f.dtls.node_ns = Ns(0.5);
  EXPECT_EQ(OwedPast(f, At(2), kPatience), Owed::kNode);
}

TEST(OwedPast, ThePathOwesNothingOnceASecuredPeerHasStoppedRepeating) {
  FlowState f{};
  f.phase = CANDOR_PHASE_SECURED;
  f.path_ns = Ns(0);
  f.hs_in_ns = Ns(2);  // the last repeat
  EXPECT_EQ(OwedPast(f, At(8), kPatience), Owed::kPath);
  EXPECT_EQ(OwedPast(f, At(9), kPatience), Owed::kNone);
  f.phase = CANDOR_PHASE_NOMINATED;
  EXPECT_EQ(OwedPast(f, At(9), kPatience), Owed::kPath) << "the handshake is not over";
}

TEST(OwedPast, MediaHasItsOwnLongerPatience) {
  FlowState f{};
  f.media.node_ns = Ns(0);
  EXPECT_EQ(OwedPast(f, At(4.9), kPatience), Owed::kNone);
  EXPECT_EQ(OwedPast(f, At(5), kPatience), Owed::kNode);
}

TEST(DtlsHabit, SaysNothingOfTooFewOrMixedExamples) {
  DtlsHabit habit;
  for (int i = 0; i < 4; ++i) habit.Saw(true);
  EXPECT_EQ(habit.UsualClient(), Owed::kNone);
  for (int i = 0; i < 20; ++i) habit.Saw(i % 2 == 0);
  EXPECT_EQ(habit.UsualClient(), Owed::kNone);
}

TEST(DtlsHabit, KnowsTheSideThatNearlyAlwaysStartsAndUnlearnsIt) {
  DtlsHabit habit;
  for (int i = 0; i < 10; ++i) habit.Saw(true);
  EXPECT_EQ(habit.UsualClient(), Owed::kNode);
  for (int i = 0; i < 80; ++i) habit.Saw(false);
  EXPECT_EQ(habit.UsualClient(), Owed::kPeer);
}

}  // namespace
}  // namespace candor
