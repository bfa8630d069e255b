// SPDX-License-Identifier: Apache-2.0
//
// How often the tracker looks at flows of which the kernel tells nothing: that is what active ones cost.
#include <gtest/gtest.h>

#include "scene.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

// One of a crowd, each with a ufrag of its own.
Client Member(uint32_t n) {
  const auto port = static_cast<uint16_t>(20000 + n % 40000);
  return {KeyOf("192.0.2.1", 7882, n < 40000 ? "198.51.100.7" : "198.51.100.8", port),
          "n" + std::to_string(n) + ":peer"};
}

Scene& CrowdUp(Scene& s, uint32_t count) {
  for (uint32_t n = 0; n < count; ++n) Member(n).Up(s);
  return s;
}

// Everybody goes on for so many seconds, with media every five.
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

TEST(Looks, AYoungActiveFlowIsLookedAtOftenAndAnOldOneRarely) {
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

TEST(Looks, WhereBothSidesAreSilentTheyBecomeRarer) {
  Scene s;
  Member(0).Up(s).Wait(2);
  const size_t before = s.looks();
  s.Wait(30);
  EXPECT_LE(s.looks() - before, 10u);
}

TEST(Looks, ACrowdOfYoungOnesSharesThem) {
  Scene s;
  constexpr uint32_t kCrowd = 3000;
  CrowdUp(s, kCrowd).Wait(2);
  EXPECT_LE(LooksPerSecond(s, kCrowd, 25), 600);
}

TEST(Looks, ACrowdOfOldOnesCostsNoMoreThanItTakesToSeeThatEachLives) {
  Scene s;
  constexpr uint32_t kCrowd = 6000;
  CrowdUp(s, kCrowd);
  GoOn(s, kCrowd, 45);
  EXPECT_LE(LooksPerSecond(s, kCrowd, 60), 200 + kCrowd / 55);
}

TEST(Looks, InACrowdADeadNodeIsSeenAsSoonAsWithFew) {
  Scene s;
  constexpr uint32_t kCrowd = 3000;
  CrowdUp(s, kCrowd).Wait(2);
  for (uint32_t n = 0; n < kCrowd; ++n) s.In(Member(n).key, Check(Member(n).username, 50, false));
  for (int i = 0; i < 4; ++i) {  // nobody answers, and the peers go on
    for (uint32_t n = 0; n < kCrowd; ++n) s.In(Member(n).key, Rtp(7, static_cast<uint16_t>(101 + i)));
    s.Wait(1);
  }
  EXPECT_GE(s.Told(Kind::kDead), 300u);
}

TEST(Looks, AFlowThatEndsIsForgottenInTimeHoweverManyThereAre) {
  Scene s;
  constexpr uint32_t kCrowd = 6000;
  CrowdUp(s, kCrowd);
  GoOn(s, kCrowd, 60);
  EXPECT_EQ(s.flows(), kCrowd);
  s.Wait(61);
  EXPECT_EQ(s.flows(), 0u);
}

}  // namespace
}  // namespace candor
