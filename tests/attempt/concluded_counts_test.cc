// SPDX-License-Identifier: Apache-2.0
#include "attempt/concluded_counts.h"

#include <gtest/gtest.h>

#include "scene.h"

namespace candor {
namespace {

const FlowKey kHost = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);
const Client kAnna{kHost, "NODE:anna"};

uint64_t Sum(const ConcludedCounts& s) {
  uint64_t sum = 0;
  for (size_t o = 0; o < ConcludedCounts::kOutcomes; ++o) {
    for (size_t p = 0; p < ConcludedCounts::kPhases; ++p) {
      for (size_t w = 0; w < ConcludedCounts::kSides; ++w) {
        sum += s.at(static_cast<Outcome>(o), static_cast<Phase>(p), static_cast<WaitingOn>(w));
      }
    }
  }
  return sum;
}

TEST(ConcludedCounts, AnActiveAttemptCountsOnceWithItsSetupTime) {
  Scene s;
  kAnna.Ice(s);
  s.Wait(0.4);
  kAnna.Dtls(s);
  kAnna.Media(s).Wait(70);
  const AttemptCounts c = s.counts();
  EXPECT_EQ(c.concluded.at(Outcome::kActive, Phase::kActive, WaitingOn::kNone), 1u);
  EXPECT_EQ(Sum(c.concluded), 1u);
  EXPECT_EQ(c.setup.in[4], 1u) << "between 350 and 500 ms";
  EXPECT_NEAR(Seconds(c.setup.sum), 0.4, 0.01);
}

TEST(ConcludedCounts, AStallCountsWithItsPhaseAndSide) {
  Scene s;
  kAnna.Ice(s);
  for (int i = 0; i < 12; ++i) s.In(kHost, Handshake(1, 0)).Wait(1);
  const AttemptCounts c = s.counts();
  EXPECT_EQ(c.concluded.at(Outcome::kStalled, Phase::kNominated, WaitingOn::kNode), 1u);
  EXPECT_EQ(Sum(c.concluded), 1u);
  EXPECT_EQ(Seconds(c.setup.sum), 0);
}

TEST(ConcludedCounts, AnAttemptThatIsActiveAfterItsDeadlineStaysAStallAndHasASetupTime) {
  Scene s;
  kAnna.Ice(s);
  for (int i = 0; i < 12; ++i) s.In(kHost, Handshake(1, 0)).Wait(1);
  kAnna.Dtls(s);
  kAnna.Media(s);
  const AttemptCounts c = s.counts();
  EXPECT_EQ(c.concluded.at(Outcome::kStalled, Phase::kNominated, WaitingOn::kNode), 1u);
  EXPECT_EQ(c.concluded.at(Outcome::kActive, Phase::kActive, WaitingOn::kNone), 0u);
  EXPECT_EQ(c.setup.in.back(), 1u);
}

TEST(ConcludedCounts, CallsThatBeganBeforeCandorAreInNeither) {
  FlowTable table{FlowTableOptions{}};
  AttemptTracker tracker({}, [](const AttemptEvent&) {});
  FlowEvent event;
  for (const candor_dir dir : {CANDOR_IN, CANDOR_OUT, CANDOR_IN, CANDOR_OUT, CANDOR_IN, CANDOR_OUT}) {
    static uint16_t sequence = 0;
    const Bytes ip = Udp(kHost, dir, Rtp(dir == CANDOR_IN ? 7 : 8, ++sequence));
    if (table.Packet(TimeFromNanos(1'000'000'000), dir, ip, ip.size(), 1, &event)) tracker.OnFlow(event);
  }
  const AttemptCounts c = tracker.counts();
  EXPECT_EQ(c.offered, 1u);
  EXPECT_EQ(Sum(c.concluded), 0u);
  EXPECT_EQ(c.setup.sum, Duration(0));
}

TEST(SetupTimes, ABoundBelongsToTheBucketBelowIt) {
  SetupTimes t;
  t.Add(std::chrono::milliseconds(50));
  t.Add(std::chrono::nanoseconds(50'000'001));
  t.Add(std::chrono::hours(1));
  EXPECT_EQ(t.in.front(), 1u);
  EXPECT_EQ(t.in[1], 1u);
  EXPECT_EQ(t.in.back(), 1u);
}

}  // namespace
}  // namespace candor
