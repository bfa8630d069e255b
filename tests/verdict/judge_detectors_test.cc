// SPDX-License-Identifier: Apache-2.0
//
// Each guard and each detector, through the judge as others call it.
#include "judge_harness.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

TEST(Judge, ATotalFailureIsFailingWithinSeconds) {
  JudgeHarness j;
  j.Good(300, 0.25);
  ASSERT_EQ(j.v().state, State::kHealthy);
  const double onset = j.now();
  j.Stuck(20, 0.25);
  ASSERT_EQ(j.v().state, State::kFailing);
  EXPECT_LE(j.failed_at - onset, 4);
  EXPECT_EQ(j.v().reason, "never_active");
  EXPECT_GE(j.v().score, j.v().threshold);
  EXPECT_GE(j.v().networks, 4u);
  EXPECT_GT(j.v().failed, 3u);
  EXPECT_EQ(j.v().stuck_phase, Phase::kNominated);
  EXPECT_FALSE(j.v().examples.empty());
  EXPECT_NE(j.v().detail.find("compare with the other nodes"), std::string::npos);
  EXPECT_FALSE(j.v().remediation.empty());
}

TEST(Judge, OneNetworkCannotRaiseAnAlarmAlone) {
  JudgeHarness j;
  j.Good(300, 0.25);
  for (int i = 0; i < 100; ++i) {
    j.one_peer = IpAddress::V4(0x5a010000u + static_cast<uint32_t>(i));
    j.Stuck(1, 0.25);
  }
  EXPECT_FALSE(j.saw_failing);
  EXPECT_GT(j.v().ignored_capped, 0u);
}

TEST(Judge, WithoutIndependentSourcesAnAlarmIsDegradedWithTheRemediation) {
  JudgeHarness j;
  j.one_peer = *IpAddress::Parse("203.0.113.10");
  j.Good(300, 0.5);
  j.Stuck(60, 0.5);
  EXPECT_FALSE(j.saw_failing);
  EXPECT_EQ(j.v().state, State::kDegraded);
  EXPECT_EQ(j.v().reason, "too_few_sources");
  EXPECT_NE(j.v().remediation.find("trusted_sources"), std::string::npos);
}

TEST(Judge, ATrustedSourceAloneMayCondemnTheNode) {
  JudgeOptions options;
  options.trusted_sources = *ParsePrefixList("203.0.113.10");
  JudgeHarness j(options);
  j.one_peer = *IpAddress::Parse("203.0.113.10");
  j.Good(300, 0.5);
  j.Stuck(30, 0.5);
  EXPECT_EQ(j.v().state, State::kFailing);
}

// Six of others for each of the trusted one's, as when a small trunk or relay breaks.
TEST(Judge, ATrustedSourceThatFailsWhileAllOthersSucceedIsDegraded) {
  JudgeOptions options;
  options.trusted_sources = *ParsePrefixList("203.0.113.10");
  JudgeHarness j(options);
  j.Good(300, 0.25);
  for (int i = 0; i < 60; ++i) {
    j.one_peer = *IpAddress::Parse("203.0.113.10");
    j.Stuck(1, 0.05);
    j.one_peer.reset();
    j.Good(6, 0.25);
  }
  EXPECT_FALSE(j.saw_failing) << j.v().detail;
  EXPECT_EQ(j.v().state, State::kDegraded);
  EXPECT_EQ(j.v().reason, "trusted_source_fails");
  j.Good(300, 0.25);
  EXPECT_EQ(j.v().state, State::kHealthy) << j.v().detail;
}

TEST(Judge, AFailingNodeIsSeenThroughATrustedSourceAsThroughOthers) {
  JudgeOptions options;
  options.trusted_sources = *ParsePrefixList("203.0.113.10");
  JudgeHarness j(options);
  j.Good(300, 0.25);
  for (int i = 0; i < 60 && !j.saw_failing; ++i) {
    j.one_peer = i % 2 == 0 ? IpAddress::Parse("203.0.113.10").value() : std::optional<IpAddress>();
    i % 3 == 0 ? j.Good(1, 0.25) : j.Stuck(1, 0.25);
  }
  EXPECT_TRUE(j.saw_failing) << j.v().detail;
}

// A trusted source counts per attempt. Before any other source has come, a burst of its broken clients looks
// like a node that fails all; what others do later tells them apart.
TEST(Judge, ABurstOfBrokenClientsBehindATrustedSourceLooksLikeAFailureWhileNobodyElseComes) {
  JudgeOptions options;
  options.trusted_sources = *ParsePrefixList("203.0.113.10");
  JudgeHarness alone(options);
  alone.Good(300, 0.25);
  alone.one_peer = *IpAddress::Parse("203.0.113.10");
  alone.Stuck(12, 0.25);
  EXPECT_TRUE(alone.saw_failing);
  JudgeHarness among(options);
  among.Good(300, 0.25);
  for (int i = 0; i < 12; ++i) {
    among.one_peer = *IpAddress::Parse("203.0.113.10");
    among.Stuck(1, 0.25);
    among.one_peer.reset();
    among.Good(2, 0.25);
  }
  EXPECT_FALSE(among.saw_failing) << among.v().detail;
}

TEST(Judge, ForgedAttemptsAreAFloodNeverAFailure) {
  JudgeHarness j;
  j.Good(300, 0.25);
  for (int i = 0; i < 400; ++i) {
    j.Send(Kind::kOffered, j.now(), ++j.id_, j.Peer());
    if (i % 2 == 0) j.Good(1, 0.25);
  }
  EXPECT_FALSE(j.saw_failing);
  EXPECT_EQ(j.v().state, State::kDegraded);
  EXPECT_EQ(j.v().reason, "unacknowledged_flood");
}

TEST(Judge, DropsSoonAfterActiveAreFailing) {
  JudgeHarness j;
  j.Good(400, 0.25);
  for (int i = 0; i < 60; ++i) {
    const double t = j.now();
    const uint64_t id = ++j.id_;
    const IpAddress peer = j.Peer();
    j.Send(Kind::kOffered, t, id, peer);
    j.Send(Kind::kActive, t + 0.2, id, peer);
    j.Until(t + 0.5);
    j.Send(Kind::kDead, t + 0.5, id, peer);
  }
  EXPECT_EQ(j.v().state, State::kFailing);
  EXPECT_EQ(j.v().reason, "early_drop");
}

TEST(Judge, SlowSetupIsDegradedNotFailing) {
  JudgeHarness j;
  j.Good(1200, 0.25);
  for (int i = 0; i < 40; ++i) {
    const double t = j.now();
    const IpAddress peer = j.Peer();
    const uint64_t id = ++j.id_;
    j.Send(Kind::kOffered, t, id, peer);
    j.Send(Kind::kAcknowledged, t + 0.1, id, peer);
    j.Until(t + 2);
    j.Send(Kind::kActive, t + 2, id, peer);
  }
  EXPECT_FALSE(j.saw_failing);
  EXPECT_EQ(j.v().state, State::kDegraded);
  EXPECT_EQ(j.v().reason, "slow_setup");
}

TEST(Judge, WhatLeftOrWasReplacedVanishesFromEverySum) {
  JudgeHarness j;
  j.Good(300, 0.25);
  for (const Outcome outcome : {Outcome::kLeft, Outcome::kReplaced}) {
    for (int i = 0; i < 200; ++i) {
      const double t = j.now();
      const IpAddress peer = j.Peer();
      const uint64_t id = ++j.id_;
      j.Send(Kind::kOffered, t, id, peer);
      j.Send(Kind::kAcknowledged, t + 0.1, id, peer);
      j.Until(t + 0.5);
      j.Send(Kind::kClosed, t + 0.5, id, peer, WaitingOn::kNone, std::nullopt, outcome);
    }
  }
  EXPECT_FALSE(j.saw_failing);
  EXPECT_EQ(j.v().state, State::kHealthy);
}

TEST(Judge, EveryDetectorIsShownWithItsThreshold) {
  JudgeHarness j;
  j.Good(50, 0.25);
  ASSERT_EQ(j.v().detectors.size(), 7u);
  for (const DetectorStatus& c : j.v().detectors) {
    EXPECT_GT(c.threshold, 4);
    EXPECT_GT(c.baseline_failure_rate, 0);
    EXPECT_EQ(c.prevents, c.name != "slow_setup");
  }
}

}  // namespace
}  // namespace candor
