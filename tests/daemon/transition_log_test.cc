// SPDX-License-Identifier: Apache-2.0
#include "daemon/transition_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TransitionLogTest : public ::testing::Test {
 protected:
  TransitionLogTest() {
    now_.verdict.state = State::kUnknown;
    now_.verdict.reason = "no_evidence";
    now_.verdict.detail = "No attempt yet.";
    now_.serving = true;
    now_.source.kind = "bpf";
    now_.source.target = "/sys/fs/cgroup";
    now_.source.warnings = {"no drop reasons"};
    now_.source.notes = {"took over the probes"};
  }
  std::vector<std::string> Lines() {
    std::vector<std::string> out;
    for (const LogLine& line : log_.Lines(now_)) {
      constexpr const char* kMark[] = {"", "W ", "E "};
      out.push_back(kMark[static_cast<int>(line.severity)] + line.text);
    }
    return out;
  }

  Snapshot now_;
  TransitionLog log_;
};

TEST_F(TransitionLogTest, BeginsWithWhatIsWatchedAndWhatIsKnown) {
  EXPECT_THAT(Lines(), ElementsAre("watching /sys/fs/cgroup through bpf", "W no drop reasons",
                                   "note: took over the probes",
                                   "UNKNOWN, answering SERVING: no_evidence: No attempt yet."));
}

TEST_F(TransitionLogTest, IsSilentWhileOnlyFiguresMove) {
  Lines();
  now_.verdict.detail = "Other figures.";
  now_.verdict.score = 3;
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(TransitionLogTest, AFailureIsAnErrorWithItsReasonAndRemediation) {
  Lines();
  now_.verdict.state = State::kFailing;
  now_.verdict.reason = "waiting_on_node";
  now_.verdict.detail = "9 of 10 attempts.";
  now_.verdict.remediation = "Restart the media server.";
  now_.serving = false;
  EXPECT_THAT(Lines(),
              ElementsAre("E UNKNOWN -> FAILING, answering NOT_SERVING: waiting_on_node: 9 of 10 attempts. "
                          "Remediation: Restart the media server."));
}

TEST_F(TransitionLogTest, AnotherReasonForTheSameStateIsTold) {
  Lines();
  now_.verdict.reason = "stale";
  now_.verdict.detail = "";
  EXPECT_THAT(Lines(), ElementsAre("UNKNOWN, answering SERVING: stale"));
}

TEST_F(TransitionLogTest, BlindnessIsAWarningWithItsRemediationAndItsEndIsLogged) {
  Lines();
  now_.source.blindness = {"no_capability", "Grant CAP_BPF."};
  EXPECT_THAT(Lines(), ElementsAre("W UNKNOWN -> BLIND, answering SERVING: no_capability: Grant CAP_BPF."));
  now_.source.blindness = {};
  now_.source.warnings.clear();
  now_.source.notes.clear();
  EXPECT_THAT(Lines(), ElementsAre("watching /sys/fs/cgroup through bpf",
                                   "BLIND -> UNKNOWN, answering SERVING: no_evidence: No attempt yet."));
}

TEST_F(TransitionLogTest, TheNodesOwnReportIsToldWhenItChanges) {
  Lines();
  now_.self = {SelfAnswer::kUnreachable, "http://a/", "connection refused", {}};
  now_.serving = false;
  EXPECT_THAT(Lines(),
              ElementsAre("W self-report: not_configured -> unreachable, connection refused (http://a/)",
                          "UNKNOWN, answering NOT_SERVING: no_evidence: No attempt yet."));
}

TEST_F(TransitionLogTest, AReportWithoutATargetHasNoEmptyBrackets) {
  Lines();
  now_.self = {SelfAnswer::kPending, "", "", {}};
  EXPECT_THAT(Lines(), ElementsAre("self-report: not_configured -> pending"));
}

TEST_F(TransitionLogTest, ACauseThatIsFoundLaterIsLoggedOnce) {
  Lines();
  now_.verdict.state = State::kFailing;
  now_.verdict.reason = "frozen";
  now_.verdict.detail = "";
  Lines();
  now_.verdict.cause.code = "throttled";
  now_.verdict.cause.measured = true;
  EXPECT_THAT(Lines(), ElementsAre("E FAILING, answering SERVING: frozen, cause throttled (measured)"));
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST(MetricsPageLog, EachChangeOfWhyThePageCannotBeReadIsToldOnce) {
  MetricsPageLog log;
  std::vector<std::string> lines;
  for (const char* unavailable :
       {"timed out after 1001 ms", "timed out after 1003 ms", "answers HTTP 404", "answers HTTP 404",
        "answers HTTP 503", "", "", "timed out after 1000 ms"}) {
    const auto line = log.Line(unavailable);
    if (line) lines.push_back((line->severity == Severity::kWarning ? "W " : "") + line->text);
  }
  EXPECT_THAT(lines, ElementsAre("W self_report.prometheus: timed out after 1001 ms",
                                 "W self_report.prometheus: answers HTTP 404",
                                 "W self_report.prometheus: answers HTTP 503",
                                 "self_report.prometheus: its counters are read",
                                 "W self_report.prometheus: timed out after 1000 ms"));
}

}  // namespace
}  // namespace candor::daemon
