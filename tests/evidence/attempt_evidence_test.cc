// SPDX-License-Identifier: Apache-2.0
#include "evidence/attempt_evidence.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;
using std::chrono::milliseconds;

class Listener : public EvidenceListener {
 public:
  void OnOffered(const AttemptRecord&) override { ++offered; }
  void OnAcknowledged(const AttemptRecord& r, Time) override { r.counted ? ++counted : ++retries; }
  void OnActive(const AttemptRecord&) override { ++active; }
  void OnConcluded(const AttemptRecord& r, Time) override { concluded.push_back(r); }
  void OnDropConcluded(const AttemptRecord& r, Time) override { drops.push_back(r); }

  void OnLate(const AttemptRecord& before, const AttemptRecord& r, Time) override {
    EXPECT_EQ(before.active, Time{});
    late.push_back(r);
  }

  int offered = 0, counted = 0, retries = 0, active = 0;
  std::vector<AttemptRecord> concluded, drops, late;
};

class AttemptEvidenceTest : public testing::Test {
 protected:
  void Send(Kind kind, double t, uint64_t id, uint32_t ip, Outcome outcome = Outcome::kPending) {
    AttemptEvent e;
    e.kind = kind;
    e.at = Time(FromSeconds(t));
    e.id = id;
    e.peer = IpAddress::V4(ip);
    e.outcome = outcome;
    evidence_.Observe(e);
  }
  void Conclude(double t) { evidence_.Conclude(Time(FromSeconds(t))); }

  Listener seen_;
  AttemptEvidenceOptions options_;
  AttemptEvidence evidence_{options_, &seen_};
};

constexpr uint32_t kA = 0x50000001, kB = 0x51000001;

TEST_F(AttemptEvidenceTest, AnAttemptThatNeverBecomesActiveIsConcludedAfterDeadlineAndGrace) {
  Send(Kind::kOffered, 1, 1, kA);
  Send(Kind::kAcknowledged, 1.1, 1, kA);
  Conclude(11.4);
  EXPECT_TRUE(seen_.concluded.empty());
  Conclude(11.6);
  ASSERT_EQ(seen_.concluded.size(), 1u);
  EXPECT_TRUE(seen_.concluded[0].expired);
}

TEST_F(AttemptEvidenceTest, AttemptsAreConcludedInOrderOfArrival) {
  Send(Kind::kOffered, 1, 1, kA);
  Send(Kind::kOffered, 2, 2, kB);
  Send(Kind::kActive, 2.5, 2, kB);
  Conclude(3);
  EXPECT_TRUE(seen_.concluded.empty()) << "the older one is not concluded";
  Send(Kind::kActive, 4, 1, kA);
  Conclude(4);
  ASSERT_EQ(seen_.concluded.size(), 2u);
  EXPECT_EQ(seen_.concluded[0].id, 1u);
}

TEST_F(AttemptEvidenceTest, MediaBothWaysIsAcknowledgementEnough) {
  Send(Kind::kOffered, 1, 1, kA);
  Send(Kind::kActive, 2, 1, kA);
  EXPECT_EQ(seen_.counted, 1);
  EXPECT_EQ(seen_.active, 1);
}

TEST_F(AttemptEvidenceTest, AnAddressThatCameUpBeforeIsFamiliar) {
  Send(Kind::kOffered, 1, 1, kA);
  Send(Kind::kActive, 2, 1, kA);
  Send(Kind::kOffered, 3, 2, kA);
  Send(Kind::kOffered, 3, 3, kB);
  Conclude(20);
  ASSERT_EQ(seen_.concluded.size(), 3u);
  EXPECT_FALSE(seen_.concluded[0].familiar);
  EXPECT_TRUE(seen_.concluded[1].familiar);
  EXPECT_FALSE(seen_.concluded[2].familiar);
}

TEST_F(AttemptEvidenceTest, WhatTheNodeNeverAcknowledgedIsIgnoredAndCounted) {
  Send(Kind::kOffered, 1, 1, kA);
  Conclude(12);
  EXPECT_EQ(evidence_.ignored_unacknowledged(), 1u);
  EXPECT_EQ(seen_.counted, 0);
}

TEST_F(AttemptEvidenceTest, ARetryIsIgnoredAndCounted) {
  Send(Kind::kOffered, 1, 1, kA);
  Send(Kind::kAcknowledged, 1.1, 1, kA);
  Send(Kind::kOffered, 6, 2, kA);
  Send(Kind::kAcknowledged, 6.1, 2, kA);
  EXPECT_EQ(seen_.retries, 1);
  EXPECT_EQ(evidence_.ignored_retry(), 1u);
}

TEST_F(AttemptEvidenceTest, ATrustedSourceCountsPerAttempt) {
  options_.networks.trusted = {*IpPrefix::Parse("80.0.0.1")};
  AttemptEvidence trusting(options_, &seen_);
  for (uint64_t id = 1; id <= 5; ++id) {
    AttemptEvent e;
    e.id = id;
    e.at = Time(FromSeconds(1));
    e.peer = IpAddress::V4(kA);
    trusting.Observe(e);
    e.kind = Kind::kAcknowledged;
    trusting.Observe(e);
  }
  EXPECT_EQ(seen_.counted, 5);
}

TEST_F(AttemptEvidenceTest, AClientThatFailsAgainAndAgainWhileOthersSucceedIsTakenBack) {
  Send(Kind::kOffered, 1, 1, kA);
  Send(Kind::kAcknowledged, 1, 1, kA);
  for (uint64_t i = 0; i < 6; ++i) {
    const auto other = kB + (static_cast<uint32_t>(i) << 8);
    Send(Kind::kOffered, 1.5, 10 + i, other);
    Send(Kind::kActive, 2, 10 + i, other);
  }
  for (uint64_t i = 0; i < 3; ++i) Send(Kind::kOffered, 3 + static_cast<double>(i), 20 + i, kA);
  EXPECT_TRUE(evidence_.arrivals().records().front().broken);
}

TEST_F(AttemptEvidenceTest, WhereNoOtherSucceedsRetriesExcludeNothing) {
  Send(Kind::kOffered, 1, 1, kA);
  Send(Kind::kAcknowledged, 1, 1, kA);
  for (uint64_t i = 0; i < 6; ++i) Send(Kind::kOffered, 3 + static_cast<double>(i), 20 + i, kA);
  EXPECT_FALSE(evidence_.arrivals().records().front().broken);
}

TEST_F(AttemptEvidenceTest, ADeathWithinThirtySecondsIsAnEarlyDropALaterOneIsNot) {
  for (uint64_t id : {1u, 2u}) {
    Send(Kind::kOffered, 1, id, kA + static_cast<uint32_t>(id) * 256);
    Send(Kind::kActive, 2, id, kA);
  }
  Send(Kind::kDead, 10, 1, kA);
  EXPECT_EQ(evidence_.open_drops(), 1u);
  Conclude(40);
  Send(Kind::kDead, 41, 2, kB);
  ASSERT_EQ(seen_.drops.size(), 2u);
  EXPECT_EQ(seen_.drops[0].outcome, Outcome::kEarlyDrop);
  EXPECT_EQ(seen_.drops[1].outcome, Outcome::kPending);
  EXPECT_EQ(evidence_.open_drops(), 0u);
}

TEST_F(AttemptEvidenceTest, TheOldestAttemptIsEvictedAndCounted) {
  options_.max_attempts = 10;
  AttemptEvidence small(options_, &seen_);
  for (uint64_t id = 1; id <= 25; ++id) {
    AttemptEvent e;
    e.id = id;
    e.at = Time(milliseconds(id));
    e.peer = IpAddress::V4(static_cast<uint32_t>(id));
    small.Observe(e);
  }
  EXPECT_EQ(small.arrivals().size(), 10u);
  EXPECT_EQ(small.evicted(), 15u);
}

TEST_F(AttemptEvidenceTest, EventsOfUnknownAttemptsAreIgnored) {
  Send(Kind::kActive, 1, 99, kA);
  Send(Kind::kClosed, 1, 99, kA, Outcome::kStalled);
  Conclude(60);
  EXPECT_EQ(seen_.active, 0);
  EXPECT_TRUE(seen_.concluded.empty());
}

// A call that rang for longer than the deadline.
TEST_F(AttemptEvidenceTest, WhatBecomesActiveLateIsASuccess) {
  for (const bool concluded : {true, false}) {
    SCOPED_TRACE(concluded ? "after it was handed over" : "before");
    Listener seen;
    AttemptEvidence evidence(options_, &seen);
    AttemptEvent e;
    e.peer = IpAddress::V4(kA);
    const auto send = [&](Kind kind, double t, uint64_t id, Outcome outcome = Outcome::kPending) {
      e.kind = kind, e.at = Time(FromSeconds(t)), e.id = id, e.outcome = outcome;
      evidence.Observe(e);
    };
    if (!concluded) send(Kind::kOffered, 0.5, 99);  // is pending still, so nothing behind it is concluded
    if (!concluded) e.peer = IpAddress::V4(kB);
    send(Kind::kOffered, 1, 1);
    send(Kind::kAcknowledged, 1.1, 1);
    send(Kind::kClosed, concluded ? 11 : 5, 1, Outcome::kStalled);
    evidence.Conclude(Time(FromSeconds(concluded ? 11 : 5)));
    ASSERT_EQ(seen.concluded.size(), concluded ? 1u : 0u);
    send(Kind::kActive, concluded ? 19 : 6, 1);
    send(Kind::kActive, 19.5, 1);
    EXPECT_EQ(seen.active, 1);
    EXPECT_EQ(seen.late.size(), concluded ? 1u : 0u);
    send(Kind::kOffered, 20, 2);
    send(Kind::kAcknowledged, 20.1, 2);
    EXPECT_EQ(seen.retries, 0) << "its address did not fail";
    EXPECT_EQ(evidence.actives().size(), 1u);
  }
}

TEST_F(AttemptEvidenceTest, WhatWasReplacedOrRefusedAfterAnAnswerStaysSo) {
  for (const Outcome outcome : {Outcome::kReplaced, Outcome::kRefused}) {
    const auto id = static_cast<uint64_t>(outcome) + 1;
    Send(Kind::kOffered, 1, id, kA + (static_cast<uint32_t>(id) << 16));
    if (outcome == Outcome::kRefused) Send(Kind::kAcknowledged, 1.5, id, kA);
    Send(Kind::kClosed, 2, id, kA, outcome);
    Conclude(3);
    Send(Kind::kActive, 4, id, kA);
  }
  EXPECT_EQ(seen_.active, 0);
  EXPECT_TRUE(seen_.late.empty());
}

// Wrong credentials, and a moment later the right ones.
TEST_F(AttemptEvidenceTest, WhoWasRefusedAtFirstCanComeUp) {
  Send(Kind::kOffered, 1, 1, kA);
  Send(Kind::kClosed, 2, 1, kA, Outcome::kRefused);
  Conclude(3);
  Send(Kind::kActive, 4, 1, kA);
  EXPECT_EQ(seen_.active, 1);
  EXPECT_EQ(seen_.late.size(), 1u);
}

// A stranger can send RTP to any port; a trunk that is trusted does not.
TEST(AttemptEvidence, PlainMediaOfATrustedSourceThatTheNodeNeverAnswersCounts) {
  Listener seen;
  AttemptEvidenceOptions options;
  options.networks.trusted = {*IpPrefix::Parse("80.0.0.0/16")};
  AttemptEvidence evidence(options, &seen);
  for (const uint32_t ip : {kA, kB}) {
    AttemptEvent e;
    e.id = ip;
    e.peer = IpAddress::V4(ip);
    e.at = Time(FromSeconds(1));
    e.media = kRtpIn;
    evidence.Observe(e);
    e.kind = Kind::kWaitingOn;
    e.at = Time(FromSeconds(5));
    e.waiting_on = WaitingOn::kNode;
    evidence.Observe(e);
  }
  EXPECT_EQ(seen.offered, 2);
  EXPECT_EQ(seen.counted, 1);
}

}  // namespace
}  // namespace candor
