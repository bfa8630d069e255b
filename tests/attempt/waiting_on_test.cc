// SPDX-License-Identifier: Apache-2.0
#include "attempt/waiting_on.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::seconds;

const Timeouts kTimeouts{seconds(1), seconds(5)};
Time At(double s) { return TimeFromNanos(1'000'000'000) + FromSeconds(s); }
uint64_t Ns(double s) { return NanosOf(At(s)); }

TEST(WaitingOnPast, IsNoneBeforeTheTimeout) {
  FlowState f{};
  f.ice.node_ns = Ns(0);
  EXPECT_EQ(WaitingOnPast(f, At(0.999), kTimeouts), WaitingOn::kNone);
  EXPECT_EQ(WaitingOnPast(f, At(1), kTimeouts), WaitingOn::kNode);
}

TEST(WaitingOnPast, TheNodeComesBeforePathAndPeer) {
  FlowState f{};
  f.dtls.peer_ns = Ns(0);
  EXPECT_EQ(WaitingOnPast(f, At(2), kTimeouts), WaitingOn::kPeer);
  f.path_ns = Ns(0);
  EXPECT_EQ(WaitingOnPast(f, At(2), kTimeouts), WaitingOn::kPath);
  f.dtls.node_ns = Ns(0.5);
  EXPECT_EQ(WaitingOnPast(f, At(2), kTimeouts), WaitingOn::kNode);
}

TEST(WaitingOnPast, ThePathIsNotWaitedOnOnceASecuredPeerHasStoppedRepeating) {
  FlowState f{};
  f.phase = CANDOR_PHASE_SECURED;
  f.path_ns = Ns(0);
  f.hs_in_ns = Ns(2);  // the last repeat
  EXPECT_EQ(WaitingOnPast(f, At(8), kTimeouts), WaitingOn::kPath);
  EXPECT_EQ(WaitingOnPast(f, At(9), kTimeouts), WaitingOn::kNone);
  f.phase = CANDOR_PHASE_NOMINATED;
  EXPECT_EQ(WaitingOnPast(f, At(9), kTimeouts), WaitingOn::kPath) << "the handshake is not over";
}

TEST(WaitingOnPast, MediaHasItsOwnLongerPatience) {
  FlowState f{};
  f.media.node_ns = Ns(0);
  EXPECT_EQ(WaitingOnPast(f, At(4.9), kTimeouts), WaitingOn::kNone);
  EXPECT_EQ(WaitingOnPast(f, At(5), kTimeouts), WaitingOn::kNode);
}

TEST(DtlsClientEstimate, IsUnknownAfterTooFewOrMixedAttempts) {
  DtlsClientEstimate estimate;
  for (int i = 0; i < 4; ++i) estimate.Observe(true);
  EXPECT_EQ(estimate.LikelyClient(), WaitingOn::kNone);
  for (int i = 0; i < 20; ++i) estimate.Observe(i % 2 == 0);
  EXPECT_EQ(estimate.LikelyClient(), WaitingOn::kNone);
}

TEST(DtlsClientEstimate, KnowsTheSideThatNearlyAlwaysStartsAndUnlearnsIt) {
  DtlsClientEstimate estimate;
  for (int i = 0; i < 10; ++i) estimate.Observe(true);
  EXPECT_EQ(estimate.LikelyClient(), WaitingOn::kNode);
  for (int i = 0; i < 80; ++i) estimate.Observe(false);
  EXPECT_EQ(estimate.LikelyClient(), WaitingOn::kPeer);
}

}  // namespace
}  // namespace candor
