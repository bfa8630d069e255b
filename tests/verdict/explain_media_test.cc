// SPDX-License-Identifier: Apache-2.0
#include "verdict/explain_media.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "verdict/explain.h"

namespace candor {
namespace {

Verdict Figures(State state) {
  Verdict v;
  v.state = state;
  v.failed = 14;
  v.counted = 15;
  v.networks = 9;
  v.window = std::chrono::milliseconds(5200);
  v.score = 21.04;
  v.threshold = 20.1;
  return v;
}

TEST(ExplainMedia, SaysWhatWasCountedWhatIsUsualAndWhereToLook) {
  Verdict v = Figures(State::kFailing);
  Findings f;
  f.alarm = Detector::kNoRtpToSenders;
  f.usual_missing = 0.021;
  f.usual_time = std::chrono::milliseconds(180);
  Explain(f, &v);
  EXPECT_EQ(v.reason, "media_missing");
  EXPECT_EQ(
      v.detail,
      "New connections come up, their clients send RTP, and this node sends no RTP back: at most RTCP. "
      "14 of 15 new connections whose clients send RTP within 5.2 s, from 9 client networks, got no RTP "
      "from the node. Usually all but 1 in 47 have it within 180 ms. (Evidence 21.0, alarm at 20.1.)");
  EXPECT_NE(v.remediation.find("forwarding"), std::string::npos);
}

TEST(ExplainMedia, EveryKindHasItsOwnSentenceAndOneReason) {
  std::set<std::string> sentences;
  for (const Detector c : kAllMediaDetectors) {
    Verdict v = Figures(State::kDegraded);
    Findings f;
    f.harm = Harm::kMediaMissing;
    f.harmed = c;
    Explain(f, &v);
    EXPECT_EQ(v.reason, "media_missing");
    EXPECT_EQ(v.detail.find("Usually"), std::string::npos) << "nothing is known of it: " << v.detail;
    EXPECT_FALSE(v.remediation.empty());
    sentences.insert(v.detail);
  }
  EXPECT_EQ(sentences.size(), kMediaDetectors);
}

TEST(ExplainMedia, ASetupTimeThatRoseIsComparedWithItsMedian) {
  Verdict v = Figures(State::kDegraded);
  Findings f;
  f.harm = Harm::kSlowSetup;
  f.harmed = Detector::kSetupShift;
  f.limit = std::chrono::milliseconds(300);
  f.usual_time = std::chrono::milliseconds(28);
  Explain(f, &v);
  EXPECT_EQ(v.reason, "slow_setup");
  EXPECT_NE(v.detail.find("took longer than 300 ms, where half usually take no more than 28 ms"),
            std::string::npos)
      << v.detail;
  f.harmed = Detector::kSlowSetup;
  Explain(f, &v);
  EXPECT_NE(v.detail.find("longer than 99 % usually do"), std::string::npos) << v.detail;
}

TEST(ExplainMedia, CallsThatHearNothingAreCounted) {
  for (const State state : {State::kDegraded, State::kFailing}) {
    Verdict v = Figures(state);
    Findings f;
    f.alarm = Detector::kMediaNotReceived;
    f.harm = Harm::kMediaNotReceived;
    f.reporting = 40, f.unheard = 38;
    Explain(f, &v);
    EXPECT_EQ(v.reason, "media_not_received");
    EXPECT_NE(v.detail.find("of 40 calls whose RTCP tells, 38 hear nothing of what this node sends."),
              std::string::npos)
        << v.detail;
    EXPECT_NE(v.remediation.find("security groups"), std::string::npos);
  }
}

}  // namespace
}  // namespace candor
