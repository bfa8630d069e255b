// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "verdict/explain.h"
#include "verdict/explain_text.h"

namespace candor {
namespace {

Verdict Frozen() {
  Verdict v;
  v.state = State::kFailing;
  v.failed = v.counted = 9;
  v.networks = 4;
  v.window = std::chrono::milliseconds(3200);
  v.baseline_failure_rate = 0.015;
  v.score = 15.62;
  v.threshold = 13.11;
  Findings f;
  f.alarm = Detector::kFrozen;
  Explain(f, &v);
  return v;
}

// The kernel's word stands; what the detector alone would suggest does not.
TEST(ExplainCause, AMeasuredCauseTakesThePlaceOfTheDetectorsSentence) {
  Verdict v = Frozen();
  v.cause = {
      "dropped_netfilter_out", true, "This node's firewall drops it (netfilter, out).", "See nft.", {}};
  ExplainCause(&v);
  EXPECT_EQ(v.reason, "frozen") << "stable for machines";
  EXPECT_EQ(
      v.detail,
      "This node's firewall drops it (netfilter, out). 9 of 9 new connections within 3.2 s, from 4 client "
      "networks, failed. Usually at most 1 in 66 fail so (evidence 15.6, alarm at 13.1).");
  EXPECT_EQ(v.remediation.find("See nft."), 0u);
  EXPECT_EQ(v.remediation.find("stack trace"), std::string::npos) << v.remediation;
}

TEST(ExplainCause, AnInferredOneIsSaidToBeLikelyBesideIt) {
  Verdict v = Frozen();
  const std::string before = v.detail;
  v.cause = {"one_family", false, "Only IPv6 fails.", "See IPv6.", {}};
  ExplainCause(&v);
  EXPECT_EQ(v.detail, before + " Most likely: Only IPv6 fails.");
  EXPECT_EQ(v.remediation.find("See IPv6. If that is not it: Take the node out now."), 0u) << v.remediation;
}

TEST(ExplainCause, WithoutACodeTheSentenceStaysAndSaysWhatWasLookedAt) {
  Verdict v = Frozen();
  const Verdict before = v;
  v.cause.text = "No cause was found.";
  ExplainCause(&v);
  EXPECT_EQ(v.detail, before.detail + " No cause was found.");
  EXPECT_EQ(v.remediation, before.remediation);
}

TEST(ExplainCause, SentencesOfLostDatagramsNameTheKernelsReasonThemselves) {
  Verdict v;
  v.state = State::kDegraded;
  v.reason = "failed_sends";
  v.detail = "It does not let it out.";
  v.cause = {"dropped_qdisc", true, "The queue drops it.", "See tc.", {}};
  ExplainCause(&v);
  EXPECT_EQ(v.detail, "It does not let it out.");
  v.cause = {"throttled", true, "It is held back.", "Raise it.", {}};
  ExplainCause(&v);
  EXPECT_EQ(v.detail, "It does not let it out. It is held back.");
  EXPECT_EQ(v.remediation, "Raise it.");
}

TEST(ExplainCause, AHealthyVerdictStaysAsItIs) {
  Verdict v;
  v.state = State::kHealthy;
  v.detail = "ok";
  v.cause = {"frozen", true, "x.", "y.", {}};
  ExplainCause(&v);
  EXPECT_EQ(v.detail, "ok");
}

}  // namespace
}  // namespace candor
