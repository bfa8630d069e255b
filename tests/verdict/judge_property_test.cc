// SPDX-License-Identifier: Apache-2.0
//
// What holds for complete attempts as a live source reports them: the fuzzers' laws on
// seeded random traffic that turns bad and good again. judge_arbitrary_events_test.cc has what holds for
// nonsense.
#include <algorithm>
#include <random>

#include "judge_harness.h"
#include "tests/fuzz/verdict_laws.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;
using Events = std::vector<AttemptEvent>;

// Attempts, step by step; the same seed gives the same attempts.
class Lives {
 public:
  explicit Lives(uint64_t seed) : random_(seed) {}

  // What happens in one tick at `at` while `failing` of 100 attempts fail, one list for each step that
  // attempts take: within a list any order is valid.
  std::vector<Events> Tick(Time at, uint32_t failing) {
    Events born, acknowledged, ended;
    for (uint32_t i = Below(5); i > 0; --i) {
      AttemptEvent e = Born(at);
      born.push_back(e);
      e.kind = Kind::kAcknowledged;
      e.phase = Phase::kAnswered;
      if (!OneIn(20)) acknowledged.push_back(e);
      open_.push_back({e, Below(100) < failing});
    }
    std::erase_if(open_, [&](const auto& life) {
      if (at - life.first.at < std::chrono::milliseconds(500)) return false;
      ended.push_back(Decided(life.first, at, life.second));
      return true;
    });
    return {born, acknowledged, ended};
  }

  void Shuffle(Events* events) { std::shuffle(events->begin(), events->end(), random_); }

 private:
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  bool OneIn(uint32_t n) { return Below(n) == 0; }
  AttemptEvent Decided(AttemptEvent e, Time at, bool fails) {
    e.kind = fails ? Kind::kWaitingOn : Kind::kActive;
    e.phase = fails ? Phase::kNominated : Phase::kActive;
    e.waiting_on = fails ? static_cast<WaitingOn>(Below(4)) : WaitingOn::kNone;
    e.at = at;
    return e;
  }
  AttemptEvent Born(Time at) {
    AttemptEvent e;
    e.at = at;
    e.id = ++id_;
    e.peer = IpAddress::V4(0x32000000u + static_cast<uint32_t>(id_) * 65539u);
    e.peer_alive = true;
    return e;
  }

  std::mt19937_64 random_;
  uint64_t id_ = 0;
  std::vector<std::pair<AttemptEvent, bool>> open_;
};

// Healthy, then failing, then healthy again.
uint32_t FailingAt(int tick) { return tick > 1600 && tick < 2400 ? 90 : 3; }

class JudgeLives : public ::testing::TestWithParam<uint64_t> {};

TEST_P(JudgeLives, EveryVerdictIsSoundAndTimeNeverRunsBackwards) {
  JudgeOptions options;
  options.max_attempts = 64;
  Judge judge(options);
  Lives lives(GetParam());
  bool failed = false;
  for (int tick = 1; tick < 4000; ++tick) {
    SCOPED_TRACE("tick " + std::to_string(tick));
    Verdict before = judge.verdict();
    const auto look = [&] {
      const Verdict& after = judge.verdict();
      ASSERT_EQ(fuzz::BrokenIn(after), "");
      ASSERT_EQ(fuzz::BrokenBetween(before, after), "");
      before = after;
    };
    for (const Events& events : lives.Tick(JudgeHarness::At(tick * 0.25), FailingAt(tick))) {
      for (const AttemptEvent& e : events) judge.Observe(e);
      ASSERT_NO_FATAL_FAILURE(look());
    }
    judge.Tick(JudgeHarness::At(tick * 0.25));
    ASSERT_NO_FATAL_FAILURE(look());
    // A caller whose clock lags takes nothing back.
    if (tick % 50 == 0) {
      judge.Tick(JudgeHarness::At(tick * 0.25 - 7));
      ASSERT_NO_FATAL_FAILURE(look());
    }
    failed = failed || before.state == State::kFailing;
  }
  EXPECT_TRUE(failed);
}

TEST_P(JudgeLives, TheOrderWithinATickDoesNotMatterForLiveSources) {
  Judge straight{JudgeOptions{}}, shuffled{JudgeOptions{}};
  Lives lives(GetParam()), shuffle(GetParam() + 100);
  for (int tick = 1; tick < 4000; ++tick) {
    const Time at = JudgeHarness::At(tick * 0.25);
    for (Events& events : lives.Tick(at, FailingAt(tick))) {
      for (const AttemptEvent& e : events) straight.Observe(e);
      shuffle.Shuffle(&events);
      for (const AttemptEvent& e : events) shuffled.Observe(e);
    }
    straight.Tick(at), shuffled.Tick(at);
    const Verdict &a = straight.verdict(), &b = shuffled.verdict();
    ASSERT_EQ(a.state, b.state) << tick;
    ASSERT_EQ(a.reason, b.reason) << tick;
    ASSERT_EQ(straight.counted(), shuffled.counted()) << tick;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, JudgeLives, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace candor
