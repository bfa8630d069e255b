// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_evaluator.h"

#include <gtest/gtest.h>

#include "tests/packets/packets.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

class AttemptEvaluatorTest : public testing::Test {
 protected:
  // An attempt whose beginning was seen, with two checks of the peer at 1 s.
  AttemptEvaluatorTest() {
    state_.ufrag_hash = 7;
    state_.first_ns = state_.last_in_ns = NanosOf(At(1));
    state_.checks_in = 2;
    state_.flags = CANDOR_F_BEGAN | CANDOR_F_CREDENTIALED;
    state_.phase = CANDOR_PHASE_OFFERED;
  }

  static Time At(double seconds) { return Time(FromSeconds(seconds)); }
  OpenAttempt Open() const { return {.attempt = Attempt(1, kKey, state_, At(1))}; }
  void Update(OpenAttempt& o, double seconds) {
    o.attempt.Update(kKey, state_);
    evaluator_.Advance(o, At(seconds));
  }
  void Answer() {
    state_.flags |= CANDOR_F_ACKNOWLEDGED;
    state_.phase = CANDOR_PHASE_ANSWERED;
  }
  std::vector<Kind> Kinds() const {
    std::vector<Kind> kinds;
    for (const AttemptEvent& e : events_) kinds.push_back(e.kind);
    return kinds;
  }

  inline static const FlowKey kKey = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);
  FlowState state_{};
  std::vector<AttemptEvent> events_;
  AttemptCounts counts_;
  AttemptOptions options_;
  AttemptEvaluator evaluator_{options_, [this](const AttemptEvent& e) { events_.push_back(e); }, &counts_};
};

TEST_F(AttemptEvaluatorTest, AnUnansweredAttemptIsOfferedAndNoAttempt) {
  OpenAttempt o = Open();
  evaluator_.Advance(o, At(1));
  EXPECT_EQ(Kinds(), (std::vector{Kind::kOffered}));
  EXPECT_EQ(counts_.attempts, 0u);
  evaluator_.Check(o, At(11));
  EXPECT_EQ(o.outcome, Outcome::kUnanswered);
  EXPECT_EQ(counts_.unanswered, 1u);
}

TEST_F(AttemptEvaluatorTest, AnAnswerMakesItAnAttemptAndMediaBothWaysActive) {
  OpenAttempt o = Open();
  Answer();
  Update(o, 1.1);
  EXPECT_EQ(counts_.pending, 1u);
  state_.flags |= CANDOR_F_MEDIA_IN | CANDOR_F_MEDIA_OUT;
  state_.last_media_in_ns = state_.last_media_out_ns = state_.active_ns = NanosOf(At(2));
  state_.phase = CANDOR_PHASE_ACTIVE;
  Update(o, 2);
  EXPECT_EQ(Kinds(), (std::vector{Kind::kOffered, Kind::kAcknowledged, Kind::kActive}));
  EXPECT_EQ(counts_.active, 1u);
  EXPECT_EQ(counts_.setup.sum, std::chrono::seconds(1));
}

TEST_F(AttemptEvaluatorTest, AtTheDeadlineAPeerThatStillSendsHasStalled) {
  OpenAttempt o = Open();
  Answer();
  Update(o, 1.1);
  state_.last_in_ns = NanosOf(At(10));
  state_.ice.node_ns = NanosOf(At(9));
  Update(o, 10);
  evaluator_.Check(o, At(11));
  EXPECT_EQ(o.outcome, Outcome::kStalled);
  EXPECT_EQ(o.waiting_on, WaitingOn::kNode);
  EXPECT_EQ(counts_.stalled[CANDOR_WAITING_ON_NODE], 1u);
  EXPECT_TRUE(counts_.AddsUp());
}

TEST_F(AttemptEvaluatorTest, AnAttemptOlderThanCandorIsSuppressed) {
  OpenAttempt o = Open();
  o.suppressed = true;
  Answer();
  Update(o, 1.1);
  evaluator_.Check(o, At(11));
  EXPECT_TRUE(events_.empty());
}

TEST_F(AttemptEvaluatorTest, AReplacedAttemptEndsWithoutAnOutcomeOfItsOwn) {
  OpenAttempt o = Open();
  Answer();
  Update(o, 1.1);
  evaluator_.Replace(o, At(2));
  EXPECT_EQ(events_.back().outcome, Outcome::kReplaced);
  EXPECT_EQ(counts_.replaced, 1u);
  EXPECT_EQ(counts_.attempts, 0u);
}

}  // namespace
}  // namespace candor
