// SPDX-License-Identifier: Apache-2.0
//
// Clients that a node answers with nothing, or with a refusal: what it is called, and which words are
// measured.
#include <cmath>
#include <functional>

#include "judge_harness.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

// One attempt each `gap` seconds; its events are those of a live source.
class Unanswered : public testing::Test {
 protected:
  enum class Fate { kActive, kNoAnswer, kRefused, kAlert };

  void Play(int n, double gap, const std::function<Fate(int)>& fate, bool sends = true) {
    for (int i = 0; i < n; ++i) {
      Begin(fate(i));
      const double end = j_.now() + gap;
      while (j_.now() + 0.25 <= end) {
        const double t = j_.now() + 0.25;
        Deliver(t);
        if (sends) sent_ = t;
        j_.judge().ObserveNode({JudgeHarness::At(t), JudgeHarness::At(sent_)});
        j_.Until(t);
        degraded_ = degraded_ || j_.v().state == State::kDegraded;
      }
    }
  }
  void Play(int n, double gap, Fate fate, bool sends = true) {
    Play(
        n, gap, [fate](int) { return fate; }, sends);
  }
  const Verdict& v() const { return j_.v(); }
  void Anew() {
    j_ = JudgeHarness();
    due_.clear();
    degraded_ = false;
    sent_ = 1;
  }

  // One of 300 clients that come again and again, of 40 networks.
  static IpAddress Regular(int i) {
    const auto n = static_cast<uint32_t>(i % 300);
    return IpAddress::V4((50 + n % 40) << 24 | n << 8 | 1);
  }

  JudgeHarness j_;
  bool degraded_ = false;
  int next_ = 0;
  double refused_after_ = 10;

 private:
  struct Due {
    Kind kind;
    double t;
    uint64_t id;
    IpAddress peer;
    WaitingOn waiting_on;
    Outcome outcome;
  };
  void Begin(Fate fate) {
    const double t = j_.now();
    const IpAddress peer = j_.Peer();
    const uint64_t id = ++j_.id_;
    j_.Send(Kind::kOffered, t, id, peer, WaitingOn::kNone, true);
    const auto later = [&](Kind kind, double after, WaitingOn waiting_on = WaitingOn::kNone,
                           Outcome o = Outcome::kPending) {
      due_.push_back({kind, t + after, id, peer, waiting_on, o});
    };
    if (fate == Fate::kNoAnswer) {
      later(Kind::kWaitingOn, 1, WaitingOn::kNode);
      later(Kind::kClosed, 10, WaitingOn::kNode, Outcome::kUnanswered);
    } else if (fate == Fate::kRefused) {
      later(Kind::kClosed, refused_after_, WaitingOn::kNone, Outcome::kRefused);
    } else {
      later(Kind::kAcknowledged, 0.1);
      fate == Fate::kActive ? later(Kind::kActive, 0.25)
                            : later(Kind::kClosed, 0.25, WaitingOn::kNone, Outcome::kRefused);
    }
  }
  void Deliver(double t) {
    std::erase_if(due_, [&](const Due& d) {
      if (d.t > t) return false;
      j_.Send(d.kind, d.t, d.id, d.peer, d.waiting_on, true, d.outcome);
      return true;
    });
  }

  std::vector<Due> due_;
  double sent_ = 1;
};

bool Says(const Verdict& v, const char* words) { return v.detail.find(words) != std::string::npos; }

TEST_F(Unanswered, ANodeThatIgnoresAllNewClientsIsFailingThoughItServesOldOnes) {
  for (const double gap : {0.25, 1.0}) {
    Anew();
    Play(100, gap, Fate::kActive);
    ASSERT_EQ(v().state, State::kHealthy);
    const double onset = j_.now();
    Play(60, gap, Fate::kNoAnswer);
    ASSERT_TRUE(j_.saw_failing) << v().detail;
    EXPECT_LE(j_.failed_at - onset, 18 * gap + 2);
    EXPECT_EQ(v().reason, "unanswered");
    EXPECT_TRUE(Says(v(), "Other packets still leave it")) << v().detail;
  }
}

// A worker of several that takes its share of new clients and answers none of them.
TEST_F(Unanswered, ANodeThatIgnoresAPartIsFailingOnceItsSuccessesFellAndNotCalledFlooded) {
  for (const auto& [nth, within] : {std::pair(4, 150.0), {2, 40.0}}) {
    Anew();
    Play(800, 0.25, Fate::kActive);
    const double onset = j_.now();
    for (int i = 0; i < 600; ++i) {
      Play(1, 0.25, i % nth == 0 ? Fate::kNoAnswer : Fate::kActive);
      ASSERT_NE(v().reason, "unacknowledged_flood") << v().detail;
    }
    EXPECT_TRUE(j_.saw_failing) << v().detail;
    EXPECT_LE(j_.failed_at - onset, within) << nth;
    EXPECT_EQ(v().reason, "partly_unanswered");
    EXPECT_TRUE(Says(v(), "came up within")) << v().detail;
    EXPECT_FALSE(Says(v(), "as usual")) << v().detail;
  }
}

// A restart of Candor, and a quarter of a minute later a worker falls silent. Of a node that nothing was
// saved of it takes longer.
TEST_F(Unanswered, APartThatIsIgnoredSoonAfterARestartIsNamed) {
  Play(800, 0.25, Fate::kActive);
  const std::string saved = j_.judge().SaveBaseline();
  for (const auto& [text, within] : {std::pair(saved, 15.0), {std::string(), 30.0}}) {
    Anew();
    if (!text.empty()) {
      ASSERT_TRUE(j_.judge().RestoreBaseline(text, std::chrono::seconds(20), JudgeHarness::At(j_.now())));
    }
    Play(60, 0.25, Fate::kActive);
    const double onset = j_.now();
    while (v().reason != "partly_unanswered" && j_.now() < onset + 60) {
      Play(1, 0.25, Fate::kNoAnswer);
      Play(1, 0.25, Fate::kActive);
      ASSERT_NE(v().reason, "unacknowledged_flood") << v().detail;
    }
    EXPECT_LE(j_.now() - onset, within) << v().reason;
  }
}

// Clients that came up here before are no strangers: a node that ignores half of them is known sooner.
TEST_F(Unanswered, ClientsThatCameUpBeforeMakeAPartSure) {
  const auto peer = [&] { j_.one_peer = Regular(next_++); };
  for (int i = 0; i < 1200; ++i) peer(), Play(1, 0.25, Fate::kActive);
  const double onset = j_.now();
  for (int i = 0; i < 100 && !j_.saw_failing; ++i)
    peer(), Play(1, 0.25, i % 2 == 0 ? Fate::kNoAnswer : Fate::kActive);
  EXPECT_TRUE(j_.saw_failing) << v().detail;
  EXPECT_LE(j_.failed_at - onset, 12);
  EXPECT_TRUE(Says(v(), "had come up here before")) << v().detail;
}

// Twelve of them that are broken leave the successes as they were.
TEST_F(Unanswered, BrokenClientsThatCameUpBeforeAreNoFailure) {
  const auto peer = [&] { j_.one_peer = Regular(next_++); };
  for (int i = 0; i < 1200; ++i) peer(), Play(1, 0.25, Fate::kActive);
  for (int i = 0; i < 600; ++i) {
    if (i % 2 == 0) j_.Send(Kind::kOffered, j_.now(), ++j_.id_, Regular(i % 12), WaitingOn::kNone, true);
    peer(), Play(1, 0.25, Fate::kActive);
  }
  EXPECT_FALSE(j_.saw_failing) << v().detail;
}

// Where clients come back, attempts from addresses that never came up are no clients', also while a quarter
// of the clients stays away.
TEST_F(Unanswered, StrangersInPlaceOfClientsAreNoFailure) {
  const auto peer = [&] { j_.one_peer = Regular(next_++); };
  for (int i = 0; i < 1200; ++i) peer(), Play(1, 0.25, Fate::kActive);
  for (int i = 0; i < 800; ++i) {
    i % 4 == 0 ? j_.one_peer.reset() : peer();
    Play(1, 0.25, i % 4 == 0 ? Fate::kNoAnswer : Fate::kActive);
  }
  EXPECT_FALSE(j_.saw_failing) << v().detail;
  EXPECT_NE(v().reason, "partly_unanswered") << v().detail;
}

TEST_F(Unanswered, APartOfOneNetworkIsDegradedOnly) {
  j_.one_peer = *IpAddress::Parse("203.0.113.7");
  const auto peer = [this](int i) {
    j_.one_peer = IpAddress::V4(0xcb000000u + static_cast<uint32_t>(i % 60000));
  };
  for (int i = 0; i < 800; ++i) peer(i), Play(1, 0.25, Fate::kActive);
  for (int i = 800; i < 1200; ++i) peer(i), Play(1, 0.25, i % 2 == 0 ? Fate::kNoAnswer : Fate::kActive);
  EXPECT_EQ(v().state, State::kDegraded);
  EXPECT_EQ(v().reason, "partly_unanswered") << v().detail;
  EXPECT_FALSE(j_.saw_failing);
}

// Forged attempts in an evening: the successes fall by themselves, slowly.
TEST_F(Unanswered, ForgedAttemptsInAnEveningAreNotAFailure) {
  Play(1600, 0.25, Fate::kActive);
  double gap = 0.25;
  for (int i = 0; i < 800; ++i, gap *= 1.0002) {
    if (i % 3 == 0) j_.Send(Kind::kOffered, j_.now(), ++j_.id_, j_.Peer());
    Play(1, std::max(0.25, std::floor(gap * 4) / 4), Fate::kActive);
  }
  EXPECT_FALSE(j_.saw_failing) << v().detail;
}

TEST_F(Unanswered, AFloodIsCalledOneOnlyWhereSuccessesWereCounted) {
  Play(400, 0.25, Fate::kActive);
  // Twenty arrivals a second, of which four of five are not answered.
  for (int i = 0; i < 200; ++i) {
    for (int k = 0; k < 4; ++k) j_.Send(Kind::kOffered, j_.now(), ++j_.id_, j_.Peer());
    Play(1, 0.25, Fate::kActive);
  }
  EXPECT_FALSE(j_.saw_failing) << v().detail;
  EXPECT_EQ(v().state, State::kDegraded);
  EXPECT_EQ(v().reason, "unacknowledged_flood");
  EXPECT_TRUE(Says(v(), "others succeed as usual")) << v().detail;
  EXPECT_TRUE(Says(v(), "connections came up within")) << "with its figures: " << v().detail;
}

TEST_F(Unanswered, OfANodeThatNeverAnsweredNothingIsCalledUsual) {
  for (const bool sends : {true, false}) {
    Anew();
    Play(60, 0.5, Fate::kNoAnswer, sends);
    EXPECT_EQ(v().state, State::kDegraded);
    EXPECT_EQ(v().reason, "unanswered_checks");
    EXPECT_TRUE(Says(v(), "has not seen this node answer a request yet")) << v().detail;
    EXPECT_FALSE(Says(v(), "as usual")) << v().detail;
  }
}

TEST_F(Unanswered, ANodeThatRefusesEverybodyIsDegradedWithinHalfAMinute) {
  Play(120, 1, Fate::kActive);
  ASSERT_EQ(v().state, State::kHealthy);
  Play(30, 1, Fate::kRefused);
  EXPECT_EQ(v().state, State::kDegraded);
  EXPECT_EQ(v().reason, "refuses_all");
  EXPECT_TRUE(Says(v(), "attempts refused, from")) << v().detail;
  EXPECT_TRUE(Says(v(), "or all clients' own stay away")) << "both possibilities are named: " << v().detail;
  Play(60, 1, Fate::kActive);
  EXPECT_EQ(v().state, State::kHealthy) << v().detail;
}

// They came up here before, so they are no strangers.
TEST_F(Unanswered, ANodeThatRefusesItsClientsIsDegradedWithinFiveSeconds) {
  const auto peer = [&](int i) {
    j_.one_peer = IpAddress::V4((60u + static_cast<uint32_t>(i) % 6) << 24 | 7);
  };
  refused_after_ = 1.25;
  for (int i = 0; i < 120; ++i) peer(i), Play(1, 0.25, Fate::kActive);
  ASSERT_EQ(v().state, State::kHealthy) << v().detail;
  const double onset = j_.now();
  for (int i = 0; i < 40 && v().state != State::kDegraded; ++i) peer(i), Play(1, 0.25, Fate::kRefused);
  EXPECT_EQ(v().reason, "refuses_all") << v().detail;
  EXPECT_LE(j_.now() - onset, 5);
  EXPECT_FALSE(j_.saw_failing);
}

TEST_F(Unanswered, StrangersWithWrongCredentialsRaiseNothingWhileOthersAreHonoured) {
  Play(120, 1, Fate::kActive);
  degraded_ = false;
  Play(400, 0.25, [](int i) { return i % 4 == 0 ? Fate::kActive : Fate::kRefused; });
  EXPECT_FALSE(degraded_) << v().detail;
  EXPECT_EQ(v().state, State::kHealthy);
}

TEST_F(Unanswered, AFewStrangersWithWrongCredentialsRaiseNothingWhileNobodyElseComes) {
  Play(240, 0.5, Fate::kActive);
  degraded_ = false;
  Play(20, 30, Fate::kRefused);
  EXPECT_FALSE(degraded_) << v().detail;
}

// A wrong or expired certificate of the node: its clients end the handshake by an alert.
TEST_F(Unanswered, ClientsThatAllRefuseTheNodesCertificateAreAnAlarm) {
  Play(120, 1, Fate::kActive);
  const double onset = j_.now();
  Play(60, 1, Fate::kAlert);
  ASSERT_TRUE(j_.saw_failing) << v().detail;
  EXPECT_LE(j_.failed_at - onset, 10);
  Anew();
  Play(400, 0.25, Fate::kActive);
  const double fast = j_.now();
  Play(40, 0.25, Fate::kAlert);
  ASSERT_TRUE(j_.saw_failing) << v().detail;
  EXPECT_LE(j_.failed_at - fast, 5);
}

TEST_F(Unanswered, ClientsOfOneNetworkThatRefuseTheCertificateAreThatNetworks) {
  Play(400, 0.25, Fate::kActive);
  for (int i = 0; i < 400; ++i) {
    if (i % 3 == 0) j_.one_peer = IpAddress::V4(0xcb000000u + static_cast<uint32_t>(i));
    Play(1, 0.25, i % 3 == 0 ? Fate::kAlert : Fate::kActive);
    j_.one_peer.reset();
  }
  EXPECT_FALSE(j_.saw_failing) << v().detail;
}

// Early media: every call rings for longer than the deadline, and is answered.
TEST_F(Unanswered, CallsThatAllBecomeActiveLateAreAHealthyNode) {
  for (const bool acknowledged : {true, false}) {
    JudgeHarness j;
    for (int i = 0; i < 150; ++i) {
      const double t = j.now();
      const IpAddress peer = j.Peer();
      const uint64_t id = ++j.id_;
      j.Send(Kind::kOffered, t, id, peer, WaitingOn::kPeer, false);
      if (acknowledged) j.Send(Kind::kAcknowledged, t + 0.1, id, peer, WaitingOn::kPeer, false);
      j.Until(t + 10);
      j.Send(Kind::kClosed, t + 10, id, peer, WaitingOn::kPeer, false, Outcome::kStalled);
      j.Until(t + 15);
      j.Send(Kind::kActive, t + 15, id, peer, WaitingOn::kNone, true);
    }
    EXPECT_EQ(j.judge().counted(), 150u) << "each of them once";
    EXPECT_EQ(j.v().state, State::kHealthy) << j.v().detail;
    EXPECT_FALSE(j.saw_failing) << j.v().detail;
  }
}

// Balancers send it a tenth of its clients then, and some of these get no answer, as always.
TEST_F(Unanswered, ANodeThatIsKeptOutOfServiceIsNotCalledUnansweringForItsFewClients) {
  Play(800, 0.25, Fate::kActive);
  j_.Stuck(40, 0.25);
  ASSERT_EQ(v().reason, "never_active");
  for (int i = 0; i < 20; ++i) {
    j_.Stuck(1, 3);
    Play(8, 0.5, Fate::kNoAnswer);
    EXPECT_EQ(v().reason, "never_active") << v().detail;
  }
}

// All of them, and half of them: then each network fails and succeeds, and no other is there.
TEST_F(Unanswered, AtNightAFewNetworksThatFailAreNotCalledTheClientsTrouble) {
  for (const int nth : {1, 2}) {
    JudgeHarness j;
    j.Good(400, 0.25);
    const auto two = [&j](int i) {
      j.one_peer = IpAddress::V4(0x5a5b0000u + (i % 4 < 2 ? 0u : 0x10000u) + static_cast<uint32_t>(i));
    };
    for (int i = 0; i < 60; ++i) two(i), j.Good(1, 2);
    ASSERT_EQ(j.v().state, State::kHealthy);
    for (int i = 60; i < 240; ++i) two(i), i % nth == 0 ? j.Stuck(1, 2) : j.Good(1, 2);
    EXPECT_EQ(j.v().state, State::kDegraded) << j.v().detail;
    EXPECT_EQ(j.v().reason, "too_few_sources");
  }
}

TEST(UnansweredDetectorBaseline, AResetForgetsLostAttemptsAndRefusals) {
  UnansweredDetector d;
  UnansweredDetector::Learned learned = d.Save();
  learned.lost->per_second = 5;
  d.Restore(learned, Duration(0));
  AttemptRecord r;
  r.start = JudgeHarness::At(10);
  d.Refused(r);
  Measurements before;
  d.Measure(JudgeHarness::At(10), &before);
  ASSERT_EQ(before.refused, 1u);
  ASSERT_GT(d.Save().lost->per_second, 4);
  d.ResetBaseline();
  Measurements after;
  d.Measure(JudgeHarness::At(10), &after);
  EXPECT_EQ(after.refused, 0u);
  EXPECT_LT(d.Save().lost->per_second, 0.1);
}

}  // namespace
}  // namespace candor
