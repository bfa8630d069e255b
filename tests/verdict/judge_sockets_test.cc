// SPDX-License-Identifier: Apache-2.0
//
// Socket evidence among all the other: it harms and never prevents.
#include "judge_harness.h"

namespace candor {
namespace {

class JudgeSockets : public testing::Test {
 protected:
  // Seconds with two attempts each that come up, or do not, and these losses of a thousand datagrams.
  void Live(int seconds, uint64_t drops, uint64_t unsent = 0, bool good = true) {
    for (int i = 0; i < seconds; ++i) {
      counts_.at = JudgeHarness::At(j_.now());
      counts_.received += 1000 - drops;
      counts_.dropped_full += drops;
      counts_.sent += 1000 - unsent;
      counts_.unsent_refused += unsent;
      counts_.drops[CANDOR_OUT][refused_by_] += unsent;
      j_.judge().ObserveSockets(counts_);
      good ? j_.Good(2, 0.5) : j_.Stuck(2, 0.5);
    }
  }
  const DetectorStatus* Detector(std::string_view name) {
    for (const DetectorStatus& c : j_.v().detectors) {
      if (c.name == name) return &c;
    }
    return nullptr;
  }

  JudgeHarness j_;
  SocketCounts counts_;
  candor_drop_reason refused_by_ = CANDOR_DROP_NONE;
};

TEST_F(JudgeSockets, AHealthyNodeStaysHealthyAndShowsTheDetectors) {
  Live(120, 0);
  EXPECT_EQ(j_.v().state, State::kHealthy);
  ASSERT_NE(Detector("receive_drops"), nullptr);
  EXPECT_EQ(Detector("receive_drops")->score, 0);
  EXPECT_FALSE(Detector("failed_sends")->prevents);
  EXPECT_EQ(j_.v().sockets.size(), 2u);
}

TEST_F(JudgeSockets, WithoutReadingsThereAreNoSuchDetectors) {
  j_.Good(100, 0.5);
  EXPECT_EQ(j_.v().state, State::kHealthy);
  EXPECT_EQ(Detector("receive_drops"), nullptr);
  EXPECT_TRUE(j_.v().sockets.empty());
}

TEST_F(JudgeSockets, ReceiveDropsDegradeAndAreExplained) {
  Live(120, 0);
  Live(10, 60);
  const Verdict& v = j_.v();
  ASSERT_EQ(v.state, State::kDegraded);
  EXPECT_EQ(v.reason, "receive_drops");
  EXPECT_EQ(v.detector, "receive_drops");
  EXPECT_GE(v.score, v.threshold / 2);
  EXPECT_EQ(v.counted, 0u) << "no attempt decided this";
  EXPECT_TRUE(v.examples.empty());
  EXPECT_NEAR(v.severity, 0.06, 1e-9) << "what balancers take off its weight";
  EXPECT_NE(v.detail.find("dropped before the media server takes them"), std::string::npos) << v.detail;
  EXPECT_NE(v.detail.find("(6.0 %)"), std::string::npos) << v.detail;
  EXPECT_NE(v.remediation.find("net.core.rmem_max"), std::string::npos) << v.remediation;
}

TEST_F(JudgeSockets, TheKernelsReasonIsNamedWithItsRemediationAndDecidesNothing) {
  Live(120, 0);
  Live(10, 0, 60);
  const Verdict unreported = j_.v();
  refused_by_ = CANDOR_DROP_NETFILTER;
  Live(20, 0, 60);
  const Verdict& v = j_.v();
  EXPECT_EQ(v.reason, unreported.reason);
  EXPECT_EQ(v.threshold, unreported.threshold);
  EXPECT_EQ(unreported.detail.find("The kernel's reason"), std::string::npos) << unreported.detail;
  EXPECT_NE(v.detail.find("The kernel's reason for most of them: a firewall rule"), std::string::npos)
      << v.detail;
  EXPECT_EQ(v.remediation.find("See the rules for output"), 0u) << v.remediation;
  EXPECT_NE(unreported.remediation, v.remediation);
}

TEST_F(JudgeSockets, FailedSendsDegradeAndAreExplained) {
  Live(120, 0);
  Live(10, 0, 30);
  EXPECT_EQ(j_.v().state, State::kDegraded);
  EXPECT_EQ(j_.v().reason, "failed_sends");
  EXPECT_NE(j_.v().detail.find("does not let it out"), std::string::npos) << j_.v().detail;
  EXPECT_NE(j_.v().remediation.find("tc -s qdisc"), std::string::npos) << j_.v().remediation;
}

TEST_F(JudgeSockets, TheReasonStandsUntilItClearsAndItClears) {
  Live(120, 0);
  Live(30, 500);
  ASSERT_EQ(j_.v().reason, "receive_drops");
  int seconds = 0;
  for (; seconds < 90 && j_.v().state == State::kDegraded; ++seconds) {
    ASSERT_EQ(j_.v().reason, "receive_drops") << seconds;
    Live(1, 0);
  }
  EXPECT_EQ(j_.v().state, State::kHealthy);
  EXPECT_EQ(j_.v().reason, "ok");
  EXPECT_LE(seconds, 60);
}

TEST_F(JudgeSockets, HoweverMuchIsLostItNeverMakesFailing) {
  Live(120, 0);
  Live(600, 1000, 1000);
  EXPECT_EQ(j_.v().state, State::kDegraded);
  EXPECT_FALSE(j_.saw_failing);
}

TEST_F(JudgeSockets, AttemptsThatDoNotComeUpAreTheWeightierReason) {
  Live(120, 0);
  Live(10, 500);
  ASSERT_EQ(j_.v().state, State::kDegraded);
  Live(15, 500, 0, false);
  EXPECT_EQ(j_.v().state, State::kFailing);
  EXPECT_NE(j_.v().reason, "receive_drops");
  EXPECT_GT(j_.v().counted, 0u);
}

TEST_F(JudgeSockets, AMomentOfDropsIsNoHarm) {
  Live(120, 0);
  Live(2, 900);
  Live(60, 0);
  EXPECT_EQ(j_.v().state, State::kHealthy);
}

TEST_F(JudgeSockets, TheBaselineOutlivesTheProcessAndCanBeReset) {
  for (int i = 0; i < 3600; ++i) Live(1, i % 12 == 0 ? 50 : 0);
  const double usual = Detector("receive_drops")->baseline_failure_rate;
  JudgeHarness next;
  ASSERT_TRUE(next.judge().RestoreBaseline(j_.judge().SaveBaseline(), Duration(0), Time{}).has_value());
  const auto line = [](const std::string& text) {
    const size_t at = text.find("share receive_drops");
    return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
  };
  EXPECT_NE(line(next.judge().SaveBaseline()), "");
  EXPECT_EQ(line(next.judge().SaveBaseline()), line(j_.judge().SaveBaseline()));
  EXPECT_GT(usual, 0.025);
  j_.judge().ResetBaseline();
  EXPECT_EQ(j_.judge().SaveBaseline().find("share receive_drops"), std::string::npos);
}

}  // namespace
}  // namespace candor
