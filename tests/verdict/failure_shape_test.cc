// SPDX-License-Identifier: Apache-2.0
#include "verdict/failure_shape.h"

#include <gtest/gtest.h>

#include <vector>

namespace candor {
namespace {

constexpr Duration kSecond = std::chrono::seconds(1);
const Time kNow = TimeFromNanos(1'000'000'000'000);

AttemptView View(std::string_view local, std::string_view peer, bool active) {
  AttemptView a;
  a.local = {*IpAddress::Parse(local), 5000};
  a.peer = {*IpAddress::Parse(peer), 40000};
  a.first = kNow - 3 * kSecond;
  if (active) a.active = kNow - 2 * kSecond;
  return a;
}

FailureShape Shape(const std::vector<AttemptView>& all) {
  return ShapeOf(all, {.since = kNow - 10 * kSecond, .now = kNow});
}

TEST(FailureShape, OneFamilyAloneIsFoundAndNothingElseIsClaimed) {
  std::vector<AttemptView> all;
  for (int i = 0; i < 6; ++i) {
    all.push_back(View("192.0.2.1", "203.0.113." + std::to_string(i), true));
    all.push_back(View("2001:db8::1", "2001:db8:" + std::to_string(i + 1) + "::9", false));
  }
  const FailureShape s = Shape(all);
  EXPECT_EQ(s.failed, 6u);
  EXPECT_EQ(s.active, 6u);
  EXPECT_EQ(s.family.name, "IPv6");
  EXPECT_TRUE(s.family.Alone());
  EXPECT_EQ(s.address.name, "2001:db8::1");
}

TEST(FailureShape, TheFailingPeersAreTheNewestOnesOnce) {
  std::vector<AttemptView> all = {
      View("192.0.2.1", "203.0.113.1", false), View("192.0.2.1", "203.0.113.2", true),
      View("192.0.2.1", "203.0.113.3", false), View("192.0.2.1", "203.0.113.1", false),
      View("192.0.2.1", "203.0.113.4", false)};
  all[2].first += kSecond;
  const auto peers = FailingPeers(all, {.since = kNow - 10 * kSecond, .now = kNow}, 2);
  ASSERT_EQ(peers.size(), 2u);
  EXPECT_EQ(peers[0].ToString(), "203.0.113.3");
  EXPECT_EQ(peers[1].ToString(), "203.0.113.1");
}

TEST(FailureShape, WhereAllFailNothingIsAlone) {
  std::vector<AttemptView> all;
  for (int i = 0; i < 9; ++i) all.push_back(View("192.0.2.1", "203." + std::to_string(i) + ".113.1", false));
  const FailureShape s = Shape(all);
  EXPECT_FALSE(s.family.Alone());
  EXPECT_FALSE(s.socket.Alone());
  EXPECT_FALSE(s.network.Alone());
}

TEST(FailureShape, OneClientNetworkIsNamedWithItsPrefix) {
  std::vector<AttemptView> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(View("192.0.2.1", "198.51.100." + std::to_string(i), false));
    all.push_back(View("192.0.2.1", "203." + std::to_string(i) + ".113.1", true));
  }
  const FailureShape s = Shape(all);
  EXPECT_EQ(s.network.name, "198.51.0.0/16");
  EXPECT_TRUE(s.network.Alone());
  EXPECT_FALSE(s.socket.Alone());
}

TEST(FailureShape, WhoLeftWasReplacedOrMayStillComeUpDoesNotCount) {
  std::vector<AttemptView> all(4, View("192.0.2.1", "203.0.113.1", false));
  all[0].outcome = Outcome::kLeft;
  all[1].outcome = Outcome::kReplaced;
  all[2].first = kNow - kSecond / 2;
  all[3].began_before = true;
  EXPECT_EQ(Shape(all).failed, 0u);
}

TEST(FailureShape, ErrorsAreCountedByWhatTheySay) {
  std::vector<AttemptView> all(6, View("192.0.2.1", "203.0.113.1", false));
  all[0].stun_error = 401, all[1].stun_error = 438, all[2].stun_error = 437;
  all[3].stun_error = 508, all[4].stun_error = 486;
  all[5].alert = 42;
  const FailureShape s = Shape(all);
  EXPECT_EQ(s.unauthorized, 2u);
  EXPECT_EQ(s.wrong_allocation, 1u);
  EXPECT_EQ(s.no_capacity, 2u);
  EXPECT_EQ(s.certificate_alerts, 1u);
}

TEST(FailureShape, AHandshakeThatTheNodeOwesIsToldFromOneThatIsAskedForAgain) {
  std::vector<AttemptView> all(3, View("192.0.2.1", "203.0.113.1", false));
  for (AttemptView& a : all) a.phase = Phase::kNominated;
  all[0].waiting_on = WaitingOn::kNode;
  all[1].waiting_on = WaitingOn::kPath;
  all[2].waiting_on = WaitingOn::kPeer;
  EXPECT_EQ(Shape(all).handshake_not_answered, 1u);
  EXPECT_EQ(Shape(all).flight_asked_again, 1u);
  EXPECT_EQ(Shape(all).large_asked_again, 0u) << "no flight of the node's was ever answered";
  all[1].small_flight_passed = true;
  EXPECT_EQ(Shape(all).large_asked_again, 1u);
}

// An alarm can come before the first flight was asked for again by all of them.
TEST(FailureShape, AHandshakeThatHasJustBegunIsNotCountedUntilItShowsWhoIsWaitedOn) {
  std::vector<AttemptView> all(6, View("192.0.2.1", "203.0.113.1", false));
  for (AttemptView& a : all) a.phase = Phase::kNominated, a.waiting_on = WaitingOn::kPath;
  all[4].waiting_on = WaitingOn::kPeer, all[4].first = kNow - 2 * kSecond;
  all[5].waiting_on = WaitingOn::kNone, all[5].first = kNow - 2 * kSecond;
  EXPECT_EQ(Shape(all).failed, 4u);
  EXPECT_EQ(Shape(all).flight_asked_again, 4u);
  all[4].first = all[5].first = kNow - 3 * kSecond;
  EXPECT_EQ(Shape(all).failed, 6u);
  all[5].outcome = Outcome::kRefused, all[5].first = kNow - 2 * kSecond;
  EXPECT_EQ(Shape(all).failed, 6u) << "it is over";
}

}  // namespace
}  // namespace candor
