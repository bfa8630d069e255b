// SPDX-License-Identifier: Apache-2.0
//
// A media server that is stopped as a whole, or restarts again and again: no attempt fails, because none
// comes.
#include "judge_harness.h"

namespace candor {
namespace {

using testing::Test;

class LocalFaultVerdict : public Test {
 protected:
  LocalFaultVerdict() { j_.Good(600, 1.0 / 3); }
  LocalFacts Facts() {
    LocalFacts f;
    f.at = JudgeHarness::At(j_.now());
    f.watch = !j_.judge().WantsFacts();
    f.cgroup = std::string("/system.slice/janus.service");
    f.frozen = frozen_ ? *f.cgroup : std::string();
    ProcessFacts p;
    p.processes = 1;
    p.restarts = p.replaced = restarts_;
    f.processes = p;
    return f;
  }
  void Measure() {
    const LocalFacts f = Facts();
    j_.judge().ObserveFacts(f);
    j_.judge().ObserveLocalFault(LocalFaultOf(f));
  }
  // No attempt comes; `sending`: clients' packets go on.
  void Silence(double seconds, bool sending) {
    const double silent_since = j_.now();
    for (int half = 0; half < 2 * seconds; ++half) {
      if (sending) j_.judge().ObserveNode({JudgeHarness::At(j_.now()), JudgeHarness::At(silent_since)});
      if (half % 2 == 0) Measure();
      j_.Until(j_.now() + 0.5);
    }
  }
  void Work(double seconds) {
    for (double t = 0; t < seconds; t += 1) {
      j_.judge().ObserveNode({JudgeHarness::At(j_.now()), JudgeHarness::At(j_.now())});
      Measure();
      j_.Good(3, 1.0 / 3);
    }
  }

  JudgeHarness j_;
  bool frozen_ = false;
  uint32_t restarts_ = 0;
};

TEST_F(LocalFaultVerdict, AFrozenServerThatClientsSendToIsFailingWithin5Seconds) {
  Work(5);
  ASSERT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
  frozen_ = true;
  const double began = j_.now();
  Silence(10, true);
  EXPECT_EQ(j_.v().state, State::kFailing) << j_.v().detail;
  EXPECT_LE(j_.failed_at - began, 5);
  EXPECT_EQ(j_.v().reason, "local_fault");
  EXPECT_EQ(j_.v().cause.code, "frozen");
  EXPECT_TRUE(j_.v().cause.measured);
  EXPECT_NE(j_.v().detail.find("nothing at all leaves it"), std::string::npos) << j_.v().detail;
  EXPECT_NE(j_.v().remediation.find("docker unpause"), std::string::npos) << j_.v().remediation;
}

TEST_F(LocalFaultVerdict, AFrozenServerWithoutRunningCallsIsFailingWithin15Seconds) {
  frozen_ = true;
  const double began = j_.now();
  Silence(20, false);
  EXPECT_EQ(j_.v().state, State::kFailing) << j_.v().detail;
  EXPECT_LE(j_.failed_at - began, 15);
  EXPECT_EQ(j_.v().cause.code, "frozen");
  EXPECT_NE(j_.v().detail.find("No attempt has counted for"), std::string::npos) << j_.v().detail;
}

TEST_F(LocalFaultVerdict, ItStaysFailingForAsLongAsItIsFrozenAndReturnsAfterThat) {
  frozen_ = true;
  Silence(120, false);
  EXPECT_EQ(j_.v().state, State::kFailing) << "no client comes, and it is frozen yet";
  frozen_ = false;
  Silence(40, false);
  EXPECT_EQ(j_.v().state, State::kProbation) << j_.v().detail;
  Work(30);
  EXPECT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
}

TEST_F(LocalFaultVerdict, CallersThatGoHomeAreNoFault) {
  Silence(60, false);
  EXPECT_EQ(j_.v().state, State::kUnknown) << j_.v().detail;
  EXPECT_EQ(j_.v().reason, "attempts_ceased");
  EXPECT_FALSE(j_.saw_failing);
}

TEST_F(LocalFaultVerdict, AServerThatIsFrozenForASecondIsNotFailing) {
  frozen_ = true;
  Silence(1, false);
  frozen_ = false;
  Work(20);
  EXPECT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
  EXPECT_FALSE(j_.saw_failing);
}

TEST_F(LocalFaultVerdict, RestartsAreDegradedThoughAttemptsComeUpInBetween) {
  restarts_ = 1;
  Work(5);
  EXPECT_EQ(j_.v().state, State::kHealthy) << "one is an operator's";
  restarts_ = 2;
  Work(3);
  EXPECT_EQ(j_.v().state, State::kDegraded) << j_.v().detail;
  EXPECT_EQ(j_.v().reason, "local_fault");
  EXPECT_EQ(j_.v().cause.code, "restart_loop");
  restarts_ = 0;
  Work(30);
  EXPECT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
}

TEST_F(LocalFaultVerdict, TheAlarmOutlivesARestartOfCandor) {
  frozen_ = true;
  Silence(20, false);
  ASSERT_EQ(j_.v().reason, "local_fault");
  JudgeHarness other;
  ASSERT_TRUE(other.judge().RestoreBaseline(j_.judge().SaveBaseline(), std::chrono::seconds(2), other.At(1)));
  EXPECT_EQ(other.v().state, State::kFailing);
  EXPECT_EQ(other.v().reason, "local_fault");
  EXPECT_EQ(other.v().cause.code, "frozen");
  EXPECT_NE(other.v().detail.find("is frozen"), std::string::npos) << other.v().detail;
}

}  // namespace
}  // namespace candor
