// SPDX-License-Identifier: Apache-2.0
//
// Sessions that the media server accepts, and no attempt begins.
#include "judge_harness.h"

namespace candor {
namespace {

class Joins : public testing::Test {
 protected:
  // `n` joins a third of a second apart; `reach`: their media reaches the node. `over_tcp`: they connect to
  // port 7881, too.
  void Join(int n, bool reach, bool over_tcp = false) {
    for (int i = 0; i < n; ++i) {
      // Not quite regular, so that the ratio can be learned.
      const int sessions = i % 30 < 12 ? 2 : i % 30 < 24 ? 1 : 0;
      for (int k = 0; k < sessions; ++k) {
        ++accepted_;
        if (reach) j_.Good(1, 0);
        if (over_tcp) ++over_tcp_;
      }
      SessionCounts counts;
      counts.unavailable = "";
      counts.at = JudgeHarness::At(j_.now());
      counts.ports = {{7, 7881, over_tcp_}, {7, 8188, accepted_}};
      j_.judge().ObserveSessions(counts);
      j_.Until(j_.now() + 0.5);
    }
  }
  void LocalFault() {
    j_.judge().ObserveLocalFault(
        {"ports_used_up", "All 200 media ports are in use.", JudgeHarness::At(j_.now())});
  }

  void Restart() {
    const std::string saved = j_.judge().SaveBaseline();
    j_ = JudgeHarness();
    const auto restored =
        j_.judge().RestoreBaseline(saved, std::chrono::seconds(20), JudgeHarness::At(j_.now()));
    ASSERT_TRUE(restored) << restored.error().message;
  }

  JudgeHarness j_;
  uint64_t accepted_ = 0, over_tcp_ = 0;
};

TEST_F(Joins, SessionsGoOnAndAttemptsStayAwayIsDegradedWithItsFigures) {
  Join(2400, true);
  ASSERT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
  Join(60, false);
  EXPECT_EQ(j_.v().state, State::kDegraded) << j_.v().detail;
  EXPECT_EQ(j_.v().reason, "joins_without_media");
  EXPECT_NE(j_.v().detail.find("no attempt began"), std::string::npos) << j_.v().detail;
  EXPECT_FALSE(j_.saw_failing) << "nothing localises it to the node";
}

TEST_F(Joins, WhereTheyConnectToAnotherPortInsteadItSaysThatTheyMayHaveTheirMediaThere) {
  Join(2400, true);
  EXPECT_EQ(j_.v().detail.find("7881"), std::string::npos) << j_.v().detail;
  Join(60, false, true);
  EXPECT_EQ(j_.v().state, State::kDegraded) << j_.v().detail;
  EXPECT_NE(j_.v().detail.find("TCP port 7881"), std::string::npos) << j_.v().detail;
  EXPECT_NE(j_.v().remediation.find("fall back to TCP"), std::string::npos) << j_.v().remediation;
}

TEST_F(Joins, AFactOfTheNodeMakesItFailing) {
  Join(2400, true);
  for (int i = 0; i < 15; ++i) LocalFault(), Join(4, false);
  EXPECT_EQ(j_.v().state, State::kFailing) << j_.v().detail;
  EXPECT_EQ(j_.v().reason, "joins_without_media");
  EXPECT_EQ(j_.v().detector, "joins_without_media");
  EXPECT_NE(j_.v().detail.find("All 200 media ports"), std::string::npos) << j_.v().detail;
}

TEST_F(Joins, ARestartDuringTheOutageDoesNotHideIt) {
  Join(2400, true);
  Restart();
  Join(40, false);
  EXPECT_EQ(j_.v().state, State::kDegraded) << j_.v().detail;
  EXPECT_EQ(j_.v().reason, "joins_without_media");
}

TEST_F(Joins, WithinAMinuteAfterARestartAFactOfTheNodeMakesItFailing) {
  Join(2400, true);
  Restart();
  Join(90, true);
  for (int i = 0; i < 10; ++i) LocalFault(), Join(4, false);
  EXPECT_EQ(j_.v().state, State::kFailing) << j_.v().detail;
  EXPECT_EQ(j_.v().reason, "joins_without_media");
}

TEST_F(Joins, AFactAloneIsNoAlarm) {
  Join(2400, true);
  for (int i = 0; i < 15; ++i) LocalFault(), Join(4, true);
  EXPECT_EQ(j_.v().state, State::kHealthy) << j_.v().detail;
}

}  // namespace
}  // namespace candor
