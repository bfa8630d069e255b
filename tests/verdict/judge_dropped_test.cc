// SPDX-License-Identifier: Apache-2.0
//
// Attempts whose packets this node's kernel drops: what the node does to its clients, and what a healthy
// firewall does to strangers.
#include <functional>

#include "judge_harness.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;
constexpr LostReason kFirewallIn{CANDOR_IN, CANDOR_DROP_NETFILTER};
constexpr LostReason kFirewallOut{CANDOR_OUT, CANDOR_DROP_NETFILTER};
constexpr LostReason kBufferIn{CANDOR_IN, CANDOR_DROP_RECEIVE_BUFFER};

enum class Fate { kActive, kDroppedBefore, kDroppedOut, kUnread, kNone };

class Dropped : public testing::Test {
 protected:
  // One attempt each `gap` seconds; between them one of `stranger`, if any, each `stranger_gap` seconds.
  void Play(double seconds, double gap, const std::function<Fate(int)>& fate) {
    const double end = j_.now() + seconds;
    for (int i = 0; j_.now() < end - 1e-9; ++i) {
      for (; next_ <= j_.now() + 1e-9; next_ += gap) Begin(fate(n_++), Peer());
      Strangers();
      const double t = j_.now() + 0.25;
      Deliver(t);
      if (sends_) sent_ = t;
      j_.judge().ObserveNode({JudgeHarness::At(t), JudgeHarness::At(sent_)});
      j_.Until(t);
      degraded_ = degraded_ || v().state == State::kDegraded;
      healthy_ = healthy_ || v().state == State::kHealthy;
    }
    next_ = j_.now();
  }
  void Play(double seconds, double gap, Fate fate) {
    Play(seconds, gap, [fate](int) { return fate; });
  }
  // Sends packets to closed ports, `per_second` attempts from `sources` addresses.
  void Forge(double per_second, int sources) {
    forged_per_second_ = per_second;
    sources_ = sources;
    next_forged_ = j_.now();
  }
  void Anew(JudgeOptions options = {}) {
    j_ = JudgeHarness(std::move(options));
    due_.clear();
    degraded_ = healthy_ = false;
    sent_ = next_ = 1;
    forged_per_second_ = 0;
  }
  const Verdict& v() const { return j_.v(); }
  bool Says(const char* words) const { return v().detail.find(words) != std::string::npos; }

  JudgeHarness j_;
  bool degraded_ = false, healthy_ = false, sends_ = true, one_network_ = false;

 private:
  IpAddress Peer() {
    return one_network_ ? IpAddress::V4(0xc6330000u + static_cast<uint32_t>(++hosts_)) : j_.Peer();
  }
  void Strangers() {
    if (forged_per_second_ <= 0) return;
    for (; next_forged_ <= j_.now(); next_forged_ += 1 / forged_per_second_) {
      const uint32_t n = forged_++ % static_cast<uint32_t>(sources_);
      Begin(Fate::kDroppedBefore, IpAddress::V4((100 + n % 50) << 24 | (n * 13 % 250) << 16 | n));
    }
  }
  void Begin(Fate fate, const IpAddress& peer) {
    if (fate == Fate::kNone) return;
    AttemptEvent e;
    e.id = ++j_.id_;
    e.peer = peer;
    e.at = JudgeHarness::At(j_.now());
    e.peer_alive = true;
    e.at_socket = fate != Fate::kDroppedBefore;
    j_.judge().Observe(e);
    if (fate == Fate::kActive || fate == Fate::kDroppedOut) Later(e, Kind::kAcknowledged, 0.1);
    if (fate == Fate::kActive) return Later(e, Kind::kActive, 0.25);
    e.waiting_on = WaitingOn::kNode;
    e.lost = fate == Fate::kDroppedOut ? kFirewallOut : fate == Fate::kUnread ? kBufferIn : kFirewallIn;
    Later(e, Kind::kWaitingOn, 1);
    e.outcome = fate == Fate::kDroppedOut ? Outcome::kStalled : Outcome::kUnanswered;
    Later(e, Kind::kClosed, 10);
  }
  void Later(AttemptEvent e, Kind kind, double after) {
    e.kind = kind;
    e.at += FromSeconds(after);
    due_.push_back(e);
  }
  void Deliver(double t) {
    std::erase_if(due_, [&](const AttemptEvent& e) {
      if (e.at > JudgeHarness::At(t)) return false;
      j_.judge().Observe(e);
      return true;
    });
  }

  std::vector<AttemptEvent> due_;
  double sent_ = 1, next_ = 1, next_forged_ = 0, forged_per_second_ = 0;
  uint32_t forged_ = 0;
  int sources_ = 1, n_ = 0, hosts_ = 0;
};

TEST_F(Dropped, ANodeWhoseFirewallDropsWhatComesInIsFailingWithin5Seconds) {
  Play(120, 0.33, Fate::kActive);
  ASSERT_EQ(v().state, State::kHealthy);
  const double onset = j_.now();
  Play(20, 0.33, Fate::kDroppedBefore);
  ASSERT_TRUE(j_.saw_failing) << v().detail;
  EXPECT_LE(j_.failed_at - onset, 5);
  EXPECT_EQ(v().reason, "dropped_here");
  EXPECT_TRUE(Says("This node's firewall drops what clients send (netfilter, in: ")) << v().detail;
  EXPECT_NE(v().remediation.find("rules for input"), std::string::npos) << v().remediation;
  EXPECT_EQ(v().cause.code, "dropped_netfilter_in");
  EXPECT_TRUE(v().cause.measured);
  EXPECT_EQ(v().dropped.reason, kFirewallIn);
}

TEST_F(Dropped, ANodeWhoseFirewallDropsItsAnswersIsFailingWithin5SecondsAndNotCalledFrozen) {
  Play(120, 0.33, Fate::kActive);
  const double onset = j_.now();
  sends_ = false;
  Play(20, 0.33, Fate::kDroppedOut);
  ASSERT_TRUE(j_.saw_failing) << v().detail;
  EXPECT_LE(j_.failed_at - onset, 5);
  EXPECT_EQ(v().reason, "dropped_here");
  EXPECT_TRUE(Says("drops what the media server answers (netfilter, out: ")) << v().detail;
}

TEST_F(Dropped, AProcessThatReadsNothingIsFrozenAlthoughItsReceiveBufferOverflows) {
  Play(120, 0.33, Fate::kActive);
  sends_ = false;
  Play(20, 0.33, Fate::kUnread);
  ASSERT_EQ(v().state, State::kFailing) << v().detail;
  EXPECT_EQ(v().reason, "frozen");
}

TEST_F(Dropped, TheReasonOutlivesARestart) {
  Play(120, 0.33, Fate::kActive);
  Play(6, 0.33, Fate::kDroppedBefore);
  ASSERT_EQ(v().reason, "dropped_here");
  Judge next({});
  ASSERT_TRUE(next.RestoreBaseline(j_.judge().SaveBaseline(), FromSeconds(2), JudgeHarness::At(500)));
  EXPECT_EQ(next.verdict().state, State::kFailing);
  EXPECT_EQ(next.verdict().reason, "dropped_here");
  EXPECT_EQ(next.verdict().dropped, v().dropped);
  EXPECT_EQ(next.verdict().cause.code, "dropped_netfilter_in");
}

TEST_F(Dropped, ATrustedSourceAloneSuffices) {
  JudgeOptions o;
  o.trusted_sources = {*IpPrefix::Parse("203.0.113.0/24")};
  Anew(o);
  j_.one_peer = *IpAddress::Parse("203.0.113.9");
  Play(120, 0.33, Fate::kActive);
  const double onset = j_.now();
  Play(20, 0.33, Fate::kDroppedBefore);
  ASSERT_TRUE(j_.saw_failing) << v().detail;
  EXPECT_LE(j_.failed_at - onset, 5);
  EXPECT_EQ(v().reason, "dropped_here");
}

TEST_F(Dropped, FromOneClientNetworkAloneItIsDegradedAndNamesTheFirewall) {
  one_network_ = true;
  Play(120, 0.33, Fate::kActive);
  ASSERT_EQ(v().state, State::kHealthy);
  Play(6, 0.33, Fate::kDroppedBefore);
  healthy_ = false;
  Play(40, 0.33, Fate::kDroppedBefore);
  EXPECT_FALSE(j_.saw_failing);
  EXPECT_FALSE(healthy_);
  EXPECT_EQ(v().state, State::kDegraded);
  EXPECT_EQ(v().reason, "too_few_sources");
  EXPECT_TRUE(Says("firewall drops what clients send")) << v().detail;
  EXPECT_EQ(v().cause.code, "dropped_netfilter_in");
}

// Its attempts are retries until it is clear that it used to succeed.
TEST_F(Dropped, FromOneAddressAloneItIsDegradedToo) {
  j_.one_peer = *IpAddress::Parse("198.51.100.9");
  Play(120, 0.33, Fate::kActive);
  Play(20, 0.33, Fate::kDroppedBefore);
  healthy_ = false;
  Play(40, 0.33, Fate::kDroppedBefore);
  EXPECT_FALSE(j_.saw_failing);
  EXPECT_FALSE(healthy_);
  EXPECT_EQ(v().reason, "too_few_sources");
}

TEST_F(Dropped, StrangersWhoKnockAtClosedPortsDoNotHarmANodeThatServes) {
  for (const int sources : {1, 4, 1000}) {
    for (const double per_second : {0.5, 3.0, 30.0}) {
      Anew();
      Play(200, 0.5, Fate::kActive);
      degraded_ = false;
      Forge(per_second, sources);
      Play(300, 0.5, Fate::kActive);
      EXPECT_FALSE(j_.saw_failing) << sources << " sources, " << per_second << "/s: " << v().detail;
      EXPECT_FALSE(degraded_) << sources << " sources, " << per_second << "/s: " << v().detail;
      EXPECT_EQ(v().state, State::kHealthy);
    }
  }
}

TEST_F(Dropped, AFirewallThatKeepsAPartOutByDesignStaysHealthy) {
  // From the beginning three of ten: a country that is blocked.
  Play(1200, 0.3, [](int i) { return i % 10 < 3 ? Fate::kDroppedBefore : Fate::kActive; });
  EXPECT_FALSE(degraded_) << v().detail;
  EXPECT_EQ(v().state, State::kHealthy);
}

TEST_F(Dropped, TheOnesKeptOutDoNotTakeTheNodeDownWhenNobodyElseCallsForAWhile) {
  Forge(1, 200);
  Play(1200, 0.5, Fate::kActive);
  Play(60, 0.5, Fate::kNone);
  EXPECT_FALSE(j_.saw_failing) << v().detail;
  EXPECT_FALSE(degraded_) << v().detail;
}

TEST_F(Dropped, WhereHalfOfTheClientsAreDroppedAndTheSuccessesFallTheNodeIsFailing) {
  Play(900, 0.25, Fate::kActive);
  ASSERT_EQ(v().state, State::kHealthy);
  const double onset = j_.now();
  Play(120, 0.25, [](int i) { return i % 2 == 0 ? Fate::kDroppedBefore : Fate::kActive; });
  EXPECT_TRUE(degraded_);
  ASSERT_TRUE(j_.saw_failing) << v().detail;
  EXPECT_LE(j_.failed_at - onset, 60);
  EXPECT_EQ(v().reason, "dropped_here");
}

TEST_F(Dropped, OfANodeOnWhichNobodyEverCameUpBothPossibilitiesAreNamed) {
  Play(60, 0.33, Fate::kDroppedBefore);
  EXPECT_FALSE(j_.saw_failing);
  EXPECT_EQ(v().state, State::kDegraded);
  EXPECT_EQ(v().reason, "dropped_here");
  EXPECT_TRUE(Says("the same as strangers")) << v().detail;
}

TEST_F(Dropped, ANodeComesBackWhenItsFirewallLetsClientsInAgain) {
  Play(120, 0.33, Fate::kActive);
  Play(20, 0.33, Fate::kDroppedBefore);
  ASSERT_EQ(v().state, State::kFailing);
  Play(200, 0.33, Fate::kActive);
  EXPECT_EQ(v().state, State::kHealthy) << v().detail;
  EXPECT_EQ(v().cause.code, "");
}

}  // namespace
}  // namespace candor
