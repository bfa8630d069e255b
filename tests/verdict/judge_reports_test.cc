// SPDX-License-Identifier: Apache-2.0
//
// Running calls whose peers report what they receive: from the reports to the verdict and back.
#include "judge_harness.h"

namespace candor {
namespace {

// So many calls, from as many networks; new ones come all the time, so the node is HEALTHY.
class Calls {
 public:
  Calls(JudgeHarness* judge, uint64_t count) : j_(*judge) {
    for (uint64_t n = 0; n < count; ++n)
      peers_.push_back(IpAddress::V4(static_cast<uint32_t>((80 + n) << 24 | 1)));
  }
  // Each reports every 5 s; the first `unheard` that nothing arrives.
  void Run(double seconds, size_t unheard) {
    for (const double end = j_.now() + seconds; j_.now() < end;) {
      for (size_t n = 0; n < peers_.size(); ++n) {
        AttemptEvent e;
        e.kind = AttemptEvent::Kind::kReported;
        e.at = JudgeHarness::At(j_.now());
        e.id = first_ + n;
        e.peer = peers_[n];
        e.phase = Phase::kActive;
        e.received = n < unheard ? Received::kNothing : Received::kMore;
        j_.judge().Observe(e);
      }
      j_.Good(5, 1);
    }
  }
  // Others of the same networks; these end.
  void Renew() {
    for (size_t n = 0; n < peers_.size(); ++n)
      j_.Send(AttemptEvent::Kind::kClosed, j_.now(), first_ + n, peers_[n], WaitingOn::kNone, std::nullopt,
              Outcome::kLeft);
    first_ += 1000;
  }

 private:
  JudgeHarness& j_;
  std::vector<IpAddress> peers_;
  uint64_t first_ = 100000;
};

TEST(JudgeReports, WhenNobodyHearsTheNodeItIsFailingAndRecoversWhenTheyDo) {
  JudgeHarness j;
  Calls calls(&j, 40);
  calls.Run(300, 0);
  ASSERT_EQ(j.v().state, State::kHealthy) << j.v().detail;
  calls.Run(10, 39);
  EXPECT_EQ(j.v().state, State::kFailing) << j.v().detail;
  EXPECT_EQ(j.v().reason, "media_not_received");
  EXPECT_EQ(j.v().detector, "media_not_received");
  EXPECT_NE(j.v().detail.find("39 hear nothing"), std::string::npos) << j.v().detail;
  calls.Run(120, 39);
  EXPECT_EQ(j.v().state, State::kFailing) << "as long as they hear nothing";
  calls.Run(60, 0);
  EXPECT_EQ(j.v().state, State::kHealthy) << j.v().detail;
}

TEST(JudgeReports, WhenMostDoNotItIsDegraded) {
  JudgeHarness j;
  Calls calls(&j, 40);
  calls.Run(300, 0);
  calls.Run(60, 28);
  EXPECT_EQ(j.v().state, State::kDegraded) << j.v().detail;
  EXPECT_EQ(j.v().reason, "media_not_received");
  EXPECT_FALSE(j.saw_failing);
  calls.Run(60, 0);
  EXPECT_EQ(j.v().state, State::kHealthy) << j.v().detail;
}

TEST(JudgeReports, AfterARestartTheAlarmIsStillInForce) {
  JudgeHarness before;
  Calls calls(&before, 40);
  calls.Run(300, 0);
  calls.Run(15, 40);
  ASSERT_EQ(before.v().state, State::kFailing);
  JudgeHarness after;
  ASSERT_TRUE(after.judge().RestoreBaseline(before.judge().SaveBaseline(), std::chrono::seconds(2),
                                            JudgeHarness::At(after.now())));
  EXPECT_EQ(after.v().state, State::kFailing);
  EXPECT_EQ(after.v().reason, "media_not_received");
}

// Another process, two seconds after it was FAILING.
class JudgeReportsAfterARestart : public testing::Test {
 protected:
  void SetUp() override {
    JudgeHarness before;
    Calls calls(&before, 40);
    calls.Run(300, 0);
    calls.Run(15, 40);
    ASSERT_EQ(before.v().state, State::kFailing);
    ASSERT_TRUE(j_.judge().RestoreBaseline(before.judge().SaveBaseline(), std::chrono::seconds(2),
                                           JudgeHarness::At(j_.now())));
  }
  JudgeHarness j_;
  Calls calls_{&j_, 40};
};

TEST_F(JudgeReportsAfterARestart, ANodeThatIsStillUnheardStaysFailing) {
  for (int minute = 0; minute < 15; ++minute) {
    calls_.Run(60, 40);
    ASSERT_EQ(j_.v().state, State::kFailing) << minute << ": " << j_.v().detail;
  }
  calls_.Run(180, 0);
  EXPECT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
}

TEST_F(JudgeReportsAfterARestart, WithoutReportsItIsOnProbationUntilTheyTell) {
  j_.Good(60, 5);
  ASSERT_EQ(j_.v().state, State::kProbation) << j_.v().detail;
  calls_.Run(10, 40);
  EXPECT_EQ(j_.v().state, State::kFailing) << j_.v().detail;
  EXPECT_EQ(j_.v().detector, "media_not_received");
  calls_.Run(600, 0);
  EXPECT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
}

TEST_F(JudgeReportsAfterARestart, ANodeThatIsHeardAgainReturnsThoughSomePhonesNeverReport) {
  for (int minutes = 0; minutes < 4; ++minutes) {
    calls_.Run(60, 20);
    calls_.Renew();
  }
  EXPECT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
}

TEST_F(JudgeReportsAfterARestart, AResetOfTheBaselineDoesNotReleaseIt) {
  j_.judge().ResetBaseline();
  calls_.Run(300, 40);
  EXPECT_EQ(j_.v().state, State::kFailing) << j_.v().detail;
}

TEST(JudgeReports, AResetOfTheBaselineForgetsWhatIsUsual) {
  JudgeHarness j;
  Calls calls(&j, 40);
  calls.Run(300, 0);
  j.judge().ResetBaseline();
  calls.Run(10, 40);
  EXPECT_FALSE(j.saw_failing) << j.v().detail;
}

}  // namespace
}  // namespace candor
