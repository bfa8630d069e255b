// SPDX-License-Identifier: Apache-2.0
//
// The number of look-ups of flows without events, which is the cost of active ones.
#include <gtest/gtest.h>

#include "scene.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

// One of many clients, each with a ufrag of its own.
Client Member(uint32_t n) {
  const auto port = static_cast<uint16_t>(20000 + n % 40000);
  return {KeyOf("192.0.2.1", 7882, n < 40000 ? "198.51.100.7" : "198.51.100.8", port),
          "n" + std::to_string(n) + ":peer"};
}

Scene& AllUp(Scene& s, uint32_t count) {
  for (uint32_t n = 0; n < count; ++n) Member(n).Up(s);
  return s;
}

// All continue for `seconds`, with media every five.
void GoOn(Scene& s, uint32_t count, double seconds) {
  for (double passed = 0; passed < seconds; passed += 5) {
    for (uint32_t n = 0; n < count; ++n) Member(n).Media(s);
    s.Wait(5);
  }
}

double LooksPerSecond(Scene& s, uint32_t count, double seconds) {
  const size_t before = s.looks();
  GoOn(s, count, seconds);
  return static_cast<double>(s.looks() - before) / seconds;
}

TEST(LookInterval, AYoungActiveFlowIsLookedUpOftenAndAnOldOneRarely) {
  Scene s;
  const Client c = Member(0);
  c.Up(s);
  size_t before = s.looks();
  for (int i = 0; i < 20; ++i) c.Media(s).Wait(1);
  EXPECT_NEAR(static_cast<double>(s.looks() - before), 20, 2);
  GoOn(s, 1, 30);
  before = s.looks();
  GoOn(s, 1, 50);
  EXPECT_NEAR(static_cast<double>(s.looks() - before), 10, 2);
}

TEST(LookInterval, SilenceOfBothSidesLengthensTheInterval) {
  Scene s;
  Member(0).Up(s).Wait(2);
  const size_t before = s.looks();
  s.Wait(30);
  EXPECT_LE(s.looks() - before, 10u);
}

TEST(LookInterval, YoungAttemptsShareTheLimit) {
  Scene s;
  constexpr uint32_t kMany = 3000;
  AllUp(s, kMany).Wait(2);
  EXPECT_LE(LooksPerSecond(s, kMany, 25), 600);
}

TEST(LookInterval, OldAttemptsCostOneLookUpWithinTheIdleTime) {
  Scene s;
  constexpr uint32_t kMany = 6000;
  AllUp(s, kMany);
  GoOn(s, kMany, 45);
  EXPECT_LE(LooksPerSecond(s, kMany, 60), 200 + kMany / 55);
}

TEST(LookInterval, WithManyAttemptsAFailedNodeIsSeenAsSoonAsWithFew) {
  Scene s;
  constexpr uint32_t kMany = 3000;
  AllUp(s, kMany).Wait(2);
  for (uint32_t n = 0; n < kMany; ++n) s.In(Member(n).key, Check(Member(n).username, 50, false));
  for (int i = 0; i < 4; ++i) {  // the node is silent and the peers go on
    for (uint32_t n = 0; n < kMany; ++n) s.In(Member(n).key, Rtp(7, static_cast<uint16_t>(101 + i)));
    s.Wait(1);
  }
  EXPECT_GE(s.Count(Kind::kDead), 300u);
}

TEST(LookInterval, WithManyAttemptsAnIdleFlowIsForgottenInTime) {
  Scene s;
  constexpr uint32_t kMany = 6000;
  AllUp(s, kMany);
  GoOn(s, kMany, 60);
  EXPECT_EQ(s.flows(), kMany);
  s.Wait(61);
  EXPECT_EQ(s.flows(), 0u);
}

}  // namespace
}  // namespace candor
