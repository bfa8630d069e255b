// SPDX-License-Identifier: Apache-2.0
// Which session an attempt is of: ICE restarts, shared ufrags, 5-tuples that are used again.
#include <gtest/gtest.h>

#include "calls.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

const FlowKey kHost = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);
const Client kAnna{kHost, "NODE:anna"};
const Client kRestarted{kHost, "NEW:anna2"};

FlowKey From(uint16_t n) {
  return KeyOf("192.0.2.1", 7882, "198.51.100.7", static_cast<uint16_t>(40000 + n));
}

TEST(IceRestart, OfAnActiveSessionIsActiveOnceItsChecksAreAnswered) {
  Scene s;
  kAnna.Up(s).Wait(5);
  kRestarted.Ice(s, 3).Wait(1.25);
  EXPECT_EQ(s.Find("NEW").outcome, Outcome::kActive);
  EXPECT_EQ(s.Find("NEW").media, kRtpIn | kRtpOut) << "what the session carried before";
  for (uint8_t i = 0; i < 8; ++i) kRestarted.Ice(s, static_cast<uint8_t>(10 + i)).Wait(5);
  EXPECT_EQ(s.Find("NEW").outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().early_drop, 0u);
}

TEST(IceRestart, WithoutAnAnswerWaitsOnTheNode) {
  Scene s;
  kAnna.Up(s).Wait(5);
  for (int i = 0; i < 22; ++i) s.In(kHost, Check("NEW:anna2", 5, true)).Wait(0.5);
  EXPECT_EQ(s.Find("NEW").outcome, Outcome::kStalled);
  EXPECT_EQ(s.Find("NEW").waiting_on, WaitingOn::kNode);
}

TEST(IceRestart, WithAHandshakeOfItsOwnIsASessionOfItsOwn) {
  Scene s;
  kAnna.Up(s).Wait(5);
  kRestarted.Ice(s, 3).In(kHost, Handshake(1, 0)).Wait(0.5).In(kHost, Handshake(1, 0)).Wait(3);
  EXPECT_EQ(s.Find("NEW").outcome, Outcome::kPending);
  EXPECT_EQ(s.Find("NEW").waiting_on, WaitingOn::kNode);
}

TEST(IceRestart, OfASessionThatBeganBeforeCandorIsActiveToo) {
  Scene s;
  s.BeginNow();
  for (uint8_t i = 0; i < 3; ++i) kAnna.Ice(s, static_cast<uint8_t>(10 + i)).Wait(5);
  kRestarted.Ice(s, 3).Wait(2);
  EXPECT_EQ(s.Find("NEW").outcome, Outcome::kActive);
}

// A server with one ufrag for all, and clients with one as well (load generators).
TEST(SharedUfrag, SessionsAreDistinguishedByTheirHandshakes) {
  Scene s;
  for (uint16_t n = 0; n < 5; ++n) Client{From(n), "EDGE:same"}.Up(s).Wait(1);
  EXPECT_EQ(s.counts().attempts, 5u);
  EXPECT_EQ(s.counts().active, 5u);
  EXPECT_EQ(s.Count(Kind::kActive), 5u);
}

TEST(SharedUfrag, AHandshakeThatIsNotAnsweredIsAStallOfItsOwn) {
  Scene s;
  Client{From(0), "EDGE:same"}.Up(s).Wait(1);
  for (uint16_t n = 1; n < 4; ++n) {
    Client{From(n), "EDGE:same"}.Ice(s);
    for (int i = 0; i < 11; ++i) s.In(From(n), Handshake(1, 0)).Wait(1);
  }
  EXPECT_EQ(s.counts().stalled[CANDOR_WAITING_ON_NODE], 3u);
  EXPECT_EQ(s.counts().active, 1u);
}

TEST(SharedUfrag, PairsOfOneClientStayOneAttempt) {
  Scene s;
  const Client c{From(0), "NODE:anna"};
  for (uint16_t n = 0; n < 5; ++n) Client{From(n), "NODE:anna"}.Ice(s, static_cast<uint8_t>(n + 1));
  c.Dtls(s);
  c.Media(s);
  s.In(From(1), Rtp(7, 101)).Out(From(1), Rtp(8, 201));  // it roams
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.Find("NODE").flows, 5u);
}

TEST(SharedUfrag, AForgedUsernameDisturbsNoSession) {
  Scene s;
  kAnna.Up(s).Wait(1);
  for (uint16_t n = 1; n < 300; ++n) {
    s.In(From(n), Check("NODE:anna", 1, false)).In(From(n), Handshake(1, 0));
  }
  s.Wait(12);
  EXPECT_EQ(s.Find("NODE").phase == Phase::kActive ? 1u : s.counts().active, 1u);
  EXPECT_EQ(s.counts().active, 1u);
  EXPECT_EQ(s.counts().early_drop, 0u);
  EXPECT_EQ(s.counts().attempts, 1u) << "the node answered none of them";
}

TEST(SharedUfrag, DifferentPeersOfOneNodesUfragAreDifferentAttempts) {
  Scene s;
  for (uint16_t n = 0; n < 5; ++n) Client{From(n), "EDGE:c" + std::to_string(n)}.Up(s);
  EXPECT_EQ(s.counts().active, 5u);
}

// A gateway's channels: the flow's next generation is the next call.
class ReusedTuple : public ::testing::Test, public FlowSource {
 protected:
  ReusedTuple() { tracker_.Begin(now_ - std::chrono::seconds(100)); }

  void Tell(const FlowKey& key, const FlowState& state) {
    states_[key] = state;
    tracker_.OnFlow({now_, key, state});
  }
  void Pass(int seconds) {
    for (int i = 0; i < 4 * seconds; ++i) tracker_.Tick(now_ += std::chrono::milliseconds(250), *this);
  }
  FlowState Heard(uint16_t generation, bool out) const {
    FlowState f{};
    f.generation = generation;
    f.flags = CANDOR_F_RTP_VALID | CANDOR_F_RTP_IN | CANDOR_F_MEDIA_IN;
    f.first_ns = f.last_in_ns = f.last_media_in_ns = NanosOf(now_);
    f.phase = CANDOR_PHASE_OFFERED;
    if (!out) return f;
    f.flags |= CANDOR_F_RTP_OUT | CANDOR_F_MEDIA_OUT | CANDOR_F_ACKNOWLEDGED;
    f.phase = CANDOR_PHASE_ACTIVE;
    f.active_ns = f.last_out_ns = f.last_media_out_ns = NanosOf(now_);
    return f;
  }

  Result<size_t> Poll(Duration, const std::function<void(const FlowEvent&)>&) override { return 0; }
  bool Lookup(const FlowKey& key, FlowState* state) override {
    const auto it = states_.find(key);
    return it != states_.end() && (*state = it->second, true);
  }
  void Forget(const FlowKey& key) override { states_.erase(key); }
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>&) override {}
  NodeActivity Activity() override { return {}; }
  SourceHealth Health() const override { return {}; }

  std::unordered_map<FlowKey, FlowState, FlowKeyHash, FlowKeyEqual> states_;
  AttemptTracker tracker_{{}, [](const AttemptEvent&) {}};
  Time now_ = TimeFromNanos(1'000'000'000'000);
  const Call call_{1};
};

TEST_F(ReusedTuple, TheNextCallIsAnAttemptOfItsOwnAndTheLastKeepsItsOutcome) {
  Tell(call_.key(), Heard(0, true));
  Pass(20);
  Tell(call_.key(), Heard(1, false));
  const auto views = tracker_.Attempts(10);
  ASSERT_EQ(views.size(), 2u);
  EXPECT_EQ(views[0].outcome, Outcome::kPending);
  EXPECT_EQ(views[1].outcome, Outcome::kActive);
  EXPECT_NE(views[1].ended, Time{});
  EXPECT_EQ(tracker_.counts().attempts, 2u);
  EXPECT_TRUE(tracker_.counts().AddsUp());
}

TEST_F(ReusedTuple, ItsRtcpFollows) {
  FlowState rtcp = Heard(0, true);
  rtcp.flags &= ~CANDOR_RTP_EITHER;
  Tell(call_.key(), Heard(0, true));
  Tell(call_.rtcp(), rtcp);
  EXPECT_EQ(tracker_.Attempts(1)[0].flows, 2u);
  Pass(20);
  Tell(call_.key(), Heard(1, false));
  Pass(1);
  EXPECT_EQ(states_.count(call_.rtcp()), 0u) << "its state belongs to the old call";
  Tell(call_.rtcp(), rtcp);
  EXPECT_EQ(tracker_.Attempts(1)[0].flows, 2u);
}

TEST_F(ReusedTuple, AnUnservedCallBeforeItHasLeft) {
  Tell(call_.key(), Heard(0, false));
  Pass(3);
  Tell(call_.key(), Heard(1, true));
  EXPECT_EQ(tracker_.counts().replaced, 0u);
  EXPECT_EQ(tracker_.counts().left, 1u);
  EXPECT_EQ(tracker_.counts().active, 1u);
}

// The kernel may have the next generation before its event is here.
TEST_F(ReusedTuple, ALookTakesNothingOfTheNextCall) {
  Tell(call_.key(), Heard(0, false));
  states_[call_.key()] = Heard(1, true);
  Pass(1);
  EXPECT_EQ(tracker_.counts().active, 0u);
}

}  // namespace
}  // namespace candor
