// SPDX-License-Identifier: Apache-2.0
//
// What a live source reports beyond a trace: on whom an attempt waits, whether the peer still sends, whether
// the node sends at all.
#include "judge_harness.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

JudgeOptions Trusting(const char* who) {
  JudgeOptions options;
  if (who != nullptr) options.trusted_sources = *ParsePrefixList(who);
  return options;
}

// An attempt that the node acknowledges and that then waits on the node: reported after a second.
struct Owing {
  double due;
  uint64_t id;
  IpAddress peer;
};

// `n` attempts three a second that the node leaves hanging; `acknowledged`: it answered the first check.
void Hang(JudgeHarness* j, int n, bool acknowledged, bool node_sends) {
  std::vector<Owing> owing;
  const double frozen = j->now();
  for (int step = 0; step < n * 4; ++step) {
    const double t = j->now();
    if (step % 4 == 0 && step / 4 < n) {
      const IpAddress peer = j->Peer();
      j->Send(Kind::kOffered, t, ++j->id_, peer, WaitingOn::kNone, true);
      if (acknowledged) j->Send(Kind::kAcknowledged, t + 0.02, j->id_, peer, WaitingOn::kNone, true);
      owing.push_back({t + 1, j->id_, peer});
    }
    while (!owing.empty() && owing.front().due <= t) {
      j->Send(Kind::kWaitingOn, t, owing.front().id, owing.front().peer, WaitingOn::kNode, true);
      owing.erase(owing.begin());
    }
    j->judge().ObserveNode({JudgeHarness::At(t), JudgeHarness::At(node_sends ? t : frozen)});
    j->Until(t + 0.25);
    if (step % 4 != 0) continue;
  }
}

void Healthy(JudgeHarness* j, int n) {
  for (int i = 0; i < n; ++i) {
    j->Good(1, 0.25, true);
    j->judge().ObserveNode({JudgeHarness::At(j->now()), JudgeHarness::At(j->now())});
  }
}

TEST(JudgeLive, ATotalFailureFromAColdStartIsFailingWithinFourSeconds) {
  JudgeHarness j(Trusting("203.0.113.0/24"));
  j.one_peer = *IpAddress::Parse("203.0.113.10");
  Healthy(&j, 20);
  const double onset = j.now();
  std::vector<Owing> owing;
  for (int i = 0; i < 60 && j.failed_at < 0; ++i) {
    const double t = onset + i * 0.0833;
    if (i % 4 == 0) {
      j.Send(Kind::kOffered, t, ++j.id_, *j.one_peer, WaitingOn::kNone, true);
      j.Send(Kind::kAcknowledged, t + 0.02, j.id_, *j.one_peer, WaitingOn::kNone, true);
      owing.push_back({t + 1, j.id_, *j.one_peer});
    }
    while (!owing.empty() && owing.front().due <= t) {
      j.Send(Kind::kWaitingOn, t, owing.front().id, owing.front().peer, WaitingOn::kNode, true);
      owing.erase(owing.begin());
    }
    j.Until(t);
  }
  ASSERT_GE(j.failed_at, 0);
  EXPECT_LE(j.failed_at - onset, 4);
  EXPECT_EQ(j.v().reason, "waiting_on_node");
  EXPECT_GT(j.v().waiting_on[static_cast<size_t>(WaitingOn::kNode)], 0u);
}

// Forty good ones, twenty that leave, five that refuse, five that never speak DTLS, from one trusted
// network within 25 s of the start: scattered, or in small bursts
// kind. (A longer row of leavers with no success between looks like a total failure until their silence is
// long enough: nothing on the wire differs.)
class Noise : public testing::TestWithParam<bool> {};

TEST_P(Noise, OfClientsIsNeverHeldAgainstTheNode) {
  const bool in_bursts = GetParam();
  JudgeHarness j(Trusting("198.51.0.0/16"));
  j.one_peer = *IpAddress::Parse("198.51.100.7");
  struct Client {
    uint64_t id;
    double start;
    int kind;  // 0 good, 1 leaves, 2 refuses, 3 answers consent only
  };
  std::vector<Client> clients;
  for (int i = 0; i < 70; ++i) {
    const int turn = in_bursts ? i / 2 : i;
    const int kind = turn % 7 < 4 ? 0 : (turn % 7 < 6 ? 1 : 2 + turn / 7 % 2);
    clients.push_back({static_cast<uint64_t>(i + 1), 1 + i * 25.0 / 70, kind});
  }
  struct Step {
    double t;
    Kind kind;
    uint64_t id;
    WaitingOn waiting_on;
    bool alive;
    Outcome outcome;
  };
  std::vector<Step> steps;
  for (const Client& c : clients) {
    const double t = c.start;
    steps.push_back({t, Kind::kOffered, c.id, WaitingOn::kNone, true, Outcome::kPending});
    steps.push_back({t + 0.05, Kind::kAcknowledged, c.id, WaitingOn::kNone, true, Outcome::kPending});
    if (c.kind == 0)
      steps.push_back({t + 0.3, Kind::kActive, c.id, WaitingOn::kNone, true, Outcome::kPending});
    if (c.kind == 1) {
      steps.push_back({t + 1.5, Kind::kWaitingOn, c.id, WaitingOn::kPeer, true, Outcome::kPending});
      steps.push_back({t + 7, Kind::kWaitingOn, c.id, WaitingOn::kPeer, false, Outcome::kPending});
      steps.push_back({t + 10, Kind::kClosed, c.id, WaitingOn::kPeer, false, Outcome::kLeft});
    }
    if (c.kind == 2)
      steps.push_back({t + 0.4, Kind::kClosed, c.id, WaitingOn::kNone, true, Outcome::kRefused});
    if (c.kind == 3) {
      steps.push_back({t + 1.5, Kind::kWaitingOn, c.id, WaitingOn::kPeer, true, Outcome::kPending});
      steps.push_back({t + 10, Kind::kClosed, c.id, WaitingOn::kPeer, true, Outcome::kStalled});
    }
  }
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.t < b.t; });
  for (const Step& s : steps) {
    j.Until(s.t);
    j.Send(s.kind, s.t, s.id, *j.one_peer, s.waiting_on, s.alive, s.outcome);
    ASSERT_TRUE(j.v().state == State::kUnknown || j.v().state == State::kHealthy) << s.t << j.v().detail;
  }
  j.Until(60);
  EXPECT_EQ(j.v().state, State::kHealthy) << j.v().detail;
}

INSTANTIATE_TEST_SUITE_P(InAnyOrder, Noise, testing::Bool());

TEST(JudgeLive, AFrozenNodeIsFailingWithinSecondsWhoeverIsTrusted) {
  for (const char* trusted : {static_cast<const char*>(nullptr), "203.0.113.10"}) {
    JudgeHarness j(Trusting(trusted));
    if (trusted != nullptr) j.one_peer = *IpAddress::Parse(trusted);
    Healthy(&j, 14);
    const double onset = j.now();
    std::vector<Owing> owing;
    for (int i = 0; i < 72 && j.failed_at < 0; ++i) {
      const double t = onset + i * 0.0833;
      if (i % 4 == 0) {
        const IpAddress peer = j.Peer();
        j.Send(Kind::kOffered, t, ++j.id_, peer, WaitingOn::kNone, true);
        owing.push_back({t + 1, j.id_, peer});
      }
      while (!owing.empty() && owing.front().due <= t) {
        j.Send(Kind::kWaitingOn, t, owing.front().id, owing.front().peer, WaitingOn::kNode, true);
        owing.erase(owing.begin());
      }
      j.judge().ObserveNode({JudgeHarness::At(t), JudgeHarness::At(onset)});
      j.Until(t);
    }
    ASSERT_GE(j.failed_at, 0) << (trusted ? trusted : "many networks");
    EXPECT_LE(j.failed_at - onset, 4) << (trusted ? trusted : "many networks");
    EXPECT_EQ(j.v().reason, "frozen");
  }
}

TEST(JudgeLive, OneStrangerCannotMakeAQuietNodeLookFrozen) {
  JudgeHarness j;
  j.one_peer = *IpAddress::Parse("203.0.113.10");
  Healthy(&j, 14);
  Hang(&j, 40, false, false);
  EXPECT_FALSE(j.saw_failing);
  EXPECT_EQ(j.v().state, State::kDegraded) << j.v().detail;
  EXPECT_EQ(j.v().reason, "too_few_sources");
}

TEST(JudgeLive, ForgedChecksFromManyNetworksCannotMakeAnIdleNodeLookFrozen) {
  for (const double idle : {90.0, 600.0}) {
    JudgeHarness j;
    Healthy(&j, 200);
    j.Until(j.now() + idle);
    Hang(&j, 60, false, false);
    EXPECT_FALSE(j.saw_failing) << "after " << idle << " s: " << j.v().detail;
  }
}

// It can be forged checks as well, so it must not take the node down, but it is reported.
TEST(JudgeLive, ANodeThatFreezesWhileIdleIsDegradedUntilSomebodyIsAnswered) {
  JudgeHarness j;
  Healthy(&j, 200);
  j.Until(j.now() + 90);
  Hang(&j, 60, false, false);
  EXPECT_EQ(j.v().state, State::kDegraded) << j.v().detail;
  EXPECT_EQ(j.v().reason, "unanswered_while_idle");
  EXPECT_NE(j.v().remediation.find("Try one call"), std::string::npos);
  Healthy(&j, 8);
  EXPECT_NE(j.v().reason, "unanswered_while_idle");
  Healthy(&j, 800);
  EXPECT_EQ(j.v().state, State::kHealthy) << j.v().detail;
  EXPECT_FALSE(j.saw_failing);
}

TEST(JudgeLive, WhatStrangersAskedOfAnIdleNodeIsForgottenOnceTheyStop) {
  JudgeHarness j;
  Healthy(&j, 200);
  j.Until(j.now() + 90);
  Hang(&j, 60, false, false);
  ASSERT_EQ(j.v().state, State::kDegraded);
  j.Until(j.now() + 90);
  EXPECT_NE(j.v().state, State::kDegraded) << j.v().detail;
}

TEST(JudgeLive, ANodeThatFreezesWhileIdleIsFailingWhereTrustedSourcesAreNotAnswered) {
  JudgeHarness j(Trusting("203.0.113.10"));
  j.one_peer = *IpAddress::Parse("203.0.113.10");
  Healthy(&j, 200);
  j.Until(j.now() + 90);
  const double asked = j.now();
  Hang(&j, 60, false, false);
  ASSERT_TRUE(j.saw_failing) << j.v().detail;
  EXPECT_EQ(j.v().reason, "frozen");
  EXPECT_LE(j.failed_at - asked, 8);
}

// What waits on the node is no fault of the trusted source, even while others succeed.
TEST(JudgeLive, ANodeThatOwesATrustedSourceIsFailingThoughOthersSucceed) {
  JudgeHarness j(Trusting("203.0.113.10"));
  Healthy(&j, 200);
  for (int i = 0; i < 40 && !j.saw_failing; ++i) {
    const IpAddress trunk = *IpAddress::Parse("203.0.113.10");
    j.Send(Kind::kOffered, j.now(), ++j.id_, trunk, WaitingOn::kNone, true);
    j.Send(Kind::kAcknowledged, j.now() + 0.02, j.id_, trunk, WaitingOn::kNone, true);
    const uint64_t id = j.id_;
    Healthy(&j, 4);
    j.Send(Kind::kWaitingOn, j.now(), id, trunk, WaitingOn::kNode, true);
  }
  EXPECT_TRUE(j.saw_failing) << j.v().detail;
  EXPECT_EQ(j.v().reason, "waiting_on_node");
}

TEST(JudgeLive, UnansweredChecksOfANodeThatHonoursOthersAreNoFailure) {
  JudgeHarness j;
  Healthy(&j, 100);
  for (int i = 0; i < 100; ++i) {
    const IpAddress peer = j.Peer();
    j.Send(Kind::kOffered, j.now(), ++j.id_, peer, WaitingOn::kNone, true);
    const uint64_t id = j.id_;
    Healthy(&j, 5);
    j.Send(Kind::kWaitingOn, j.now(), id, peer, WaitingOn::kNode, true);
  }
  EXPECT_FALSE(j.saw_failing);
}

TEST(JudgeLive, AHealthyNodeThatIsSilentBetweenCallsIsNotFrozen) {
  JudgeHarness j;
  Healthy(&j, 30);
  j.Until(j.now() + 200);
  Healthy(&j, 5);
  EXPECT_FALSE(j.saw_failing);
}

}  // namespace
}  // namespace candor
