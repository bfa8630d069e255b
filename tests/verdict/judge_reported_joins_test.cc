// SPDX-License-Identifier: Apache-2.0
//
// What the media server counts of its joins, beside the attempts at its sockets.
#include "judge_harness.h"

namespace candor {
namespace {

class ReportedJoinsOfANode : public testing::Test {
 protected:
  // `n` joins half a second apart. `up`: the server says that they come up; `reach`: their media reaches it.
  void Join(int n, bool up, bool reach) {
    for (int i = 0; i < n; ++i) {
      ++read_.begun, ++read_.signalled;
      if (up) ++read_.up;
      if (reach) j_.Good(1, 0);
      Read();
      j_.Until(j_.now() + 0.5);
    }
  }
  void Read() {
    read_.at = JudgeHarness::At(j_.now());
    j_.judge().ObserveReportedJoins(read_);
  }

  JudgeHarness j_;
  ReportedJoins read_{.unavailable = "", .at = {}, .run = "ND_a"};
};

TEST_F(ReportedJoinsOfANode, TheServersOwnWordAloneIsDegraded) {
  Join(1200, true, true);
  ASSERT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
  Join(60, false, true);
  EXPECT_EQ(j_.v().state, State::kDegraded) << j_.v().detail;
  EXPECT_EQ(j_.v().reason, "joins_without_media");
  EXPECT_EQ(j_.v().detector, "joins_without_media");
  EXPECT_NE(j_.v().detail.find("The media server itself counts"), std::string::npos) << j_.v().detail;
  EXPECT_NE(j_.v().detail.find("the media of 0 came up"), std::string::npos) << j_.v().detail;
  EXPECT_FALSE(j_.saw_failing);
  EXPECT_GE(j_.v().score, j_.v().threshold);
  Join(120, true, true);
  EXPECT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
}

TEST_F(ReportedJoinsOfANode, WithTheSocketsItIsFailingAndComesBack) {
  Join(1200, true, true);
  Join(60, false, false);
  ASSERT_EQ(j_.v().state, State::kFailing) << j_.v().detail;
  EXPECT_EQ(j_.v().reason, "joins_without_media");
  EXPECT_NE(j_.v().detail.find("At its sockets no attempt began"), std::string::npos) << j_.v().detail;
  const double failed_at = j_.now();
  Join(200, false, false);
  EXPECT_EQ(j_.v().state, State::kFailing) << "joins go on in vain: " << j_.now() - failed_at;
  Join(400, true, true);
  EXPECT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
}

TEST_F(ReportedJoinsOfANode, AMonitorWithoutMediaDoesNotHoldTheAlarmForEver) {
  Join(1200, true, true);
  Join(60, false, false);
  ASSERT_EQ(j_.v().state, State::kFailing);
  for (int i = 0; i < 30; ++i) {  // the clients are kept away
    Join(1, false, false);
    for (int second = 0; second < 10; ++second) Read(), j_.Until(j_.now() + 1);
  }
  EXPECT_NE(j_.v().state, State::kFailing) << j_.v().detail;
}

TEST_F(ReportedJoinsOfANode, TheSocketsAloneAreNoAlarmWhereTheServerCountsMedia) {
  Join(1200, true, true);
  Join(60, true, false);
  EXPECT_NE(j_.v().reason, "joins_without_media") << j_.v().detail;
}

TEST_F(ReportedJoinsOfANode, AFactOfTheNodeMakesTheServersWordFailing) {
  Join(1200, true, true);
  for (int i = 0; i < 15; ++i) {
    j_.judge().ObserveLocalFault(
        {"ports_used_up", "All 200 media ports are in use.", JudgeHarness::At(j_.now())});
    Join(4, false, true);
  }
  EXPECT_TRUE(j_.saw_failing) << j_.v().detail;
  EXPECT_NE(j_.v().detail.find("All 200 media ports"), std::string::npos) << j_.v().detail;
}

TEST_F(ReportedJoinsOfANode, WithoutThePageNothingIsClaimed) {
  Join(1200, true, true);
  read_.unavailable = "the page of metrics answers HTTP 404";
  Join(60, false, true);
  EXPECT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
  EXPECT_EQ(j_.v().reported.unknown, "the page of metrics answers HTTP 404");
}

TEST_F(ReportedJoinsOfANode, ARestartOfCandorKeepsTheAlarmInWords) {
  Join(1200, true, true);
  Join(60, false, false);
  ASSERT_EQ(j_.v().state, State::kFailing);
  const std::string saved = j_.judge().SaveBaseline();
  j_ = JudgeHarness();
  ASSERT_TRUE(j_.judge().RestoreBaseline(saved, std::chrono::seconds(5), JudgeHarness::At(j_.now())));
  EXPECT_EQ(j_.v().state, State::kFailing);
  EXPECT_EQ(j_.v().reason, "joins_without_media");
  EXPECT_EQ(j_.v().detail.find("port 0"), std::string::npos) << j_.v().detail;
}

}  // namespace
}  // namespace candor
