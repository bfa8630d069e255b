// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/judge.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

namespace candor {
namespace {

// Healthy for a minute at five a second, then nothing becomes active.
std::string Trace() {
  std::string out;
  for (int i = 0; i < 400; ++i) {
    const double t = i * 0.2;
    out += fmt::format("{{\"t\":{:.3f},\"e\":\"attempt\",\"id\":{},\"ip\":\"{}.{}.1.1\"}}\n", t, i + 1,
                       50 + i % 40, i % 200);
    out += fmt::format("{{\"t\":{:.3f},\"e\":\"ack\",\"id\":{}}}\n", t + 0.05, i + 1);
    if (i < 300) out += fmt::format("{{\"t\":{:.3f},\"e\":\"active\",\"id\":{}}}\n", t + 0.1, i + 1);
  }
  return out;
}

JudgeArguments Json() {
  JudgeArguments cmd;
  cmd.json = true;
  return cmd;
}

struct Answer {
  int code;
  std::string out, err;
};

Answer Judged(JudgeArguments cmd, const std::string& trace) {
  std::istringstream in(trace);
  std::ostringstream out, err;
  const int code = RunJudge(cmd, in, "trace", out, err);
  return {code, out.str(), err.str()};
}

TEST(RunJudge, PrintsEveryChangeAndThenASummaryAsJsonLines) {
  const Answer a = Judged(Json(), Trace());
  EXPECT_EQ(a.code, 0);
  EXPECT_EQ(a.err, "");
  std::vector<std::string> lines;
  std::istringstream in(a.out);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  ASSERT_GE(lines.size(), 3u);
  for (size_t i = 0; i + 1 < lines.size(); ++i)
    EXPECT_EQ(lines[i].rfind("{\"type\":\"verdict\",\"t\":", 0), 0u);
  EXPECT_NE(a.out.find("\"state\":\"HEALTHY\",\"reason\":\"ok\""), std::string::npos);
  EXPECT_NE(a.out.find("\"state\":\"FAILING\",\"reason\":\"never_active\""), std::string::npos);
  EXPECT_NE(lines.back().find(
                "{\"type\":\"summary\",\"counted\":400,\"ignored\":{\"retry\":0,\"unacknowledged\":0"),
            std::string::npos)
      << lines.back();
  EXPECT_NE(lines.back().find("\"final_state\":\"FAILING\""), std::string::npos);
  EXPECT_EQ(lines.back().find("\"first_failing\":null"), std::string::npos);
}

// All come up; from the 300th on none gets RTP from the node.
std::string TraceWithMedia(bool with_media) {
  std::string out;
  for (int i = 0; i < 400; ++i) {
    const double t = i * 0.3;
    out += fmt::format("{{\"t\":{:.3f},\"e\":\"attempt\",\"id\":{},\"ip\":\"{}.{}.1.1\"}}\n", t, i + 1,
                       50 + i % 40, i % 200);
    out += fmt::format("{{\"t\":{:.3f},\"e\":\"active\",\"id\":{}{}}}\n", t + 0.1, i + 1,
                       with_media ? ",\"media\":\"rtp_in\"" : "");
    if (with_media && i < 300) {
      out +=
          fmt::format("{{\"t\":{:.3f},\"e\":\"media\",\"id\":{},\"media\":\"rtp_out\"}}\n", t + 0.2, i + 1);
    }
  }
  return out;
}

TEST(RunJudge, JudgesMediaOnlyWhereATraceHasThem) {
  const Answer with = Judged(Json(), TraceWithMedia(true));
  EXPECT_EQ(with.code, 0) << with.err;
  EXPECT_NE(with.out.find("\"reason\":\"media_missing\""), std::string::npos) << with.out;
  EXPECT_NE(with.out.find("\"final_state\":\"FAILING\""), std::string::npos) << with.out;
  const Answer unreported = Judged(Json(), TraceWithMedia(false));
  EXPECT_EQ(unreported.out.find("media_missing"), std::string::npos);
  EXPECT_NE(unreported.out.find("\"final_state\":\"HEALTHY\""), std::string::npos) << unreported.out;
}

TEST(RunJudge, PrintsATableForPeople) {
  const Answer a = Judged({}, Trace());
  EXPECT_NE(a.out.find("FAILING    never_active"), std::string::npos) << a.out;
  EXPECT_NE(a.out.find("counted 400 attempts"), std::string::npos);
}

TEST(RunJudge, AnEmptyTraceIsUnknownAndNoError) {
  const Answer a = Judged(Json(), "");
  EXPECT_EQ(a.code, 0);
  EXPECT_NE(a.out.find("\"counted\":0"), std::string::npos);
  EXPECT_NE(a.out.find("\"first_failing\":null,\"final_state\":\"UNKNOWN\""), std::string::npos);
}

TEST(RunJudge, AQuietMonthIsJudgedInSeconds) {
  std::string trace = Trace();
  trace += "{\"t\":3000000,\"e\":\"attempt\",\"id\":9999,\"ip\":\"60.1.1.1\"}\n";
  const Answer a = Judged(Json(), trace);
  EXPECT_EQ(a.code, 0);
  EXPECT_NE(a.out.find("PROBATION"), std::string::npos);
}

TEST(RunJudge, SaysWhereATraceIsWrong) {
  const Answer a = Judged({}, "{\"t\":1}\n");
  EXPECT_EQ(a.code, 2);
  EXPECT_EQ(a.err, "candorctl judge: trace: line 1, column 1: missing field \"e\"\n");
}

TEST(RunJudge, RefusesSenselessArguments) {
  JudgeArguments none, all, nonsense;
  none.false_alarms_per_month = 0;
  all.smallest_share = 1;
  nonsense.flags.trusted = "nonsense";
  EXPECT_EQ(Judged(none, "").code, 1);
  EXPECT_EQ(Judged(all, "").code, 1);
  EXPECT_EQ(Judged(nonsense, "").code, 1);
}

TEST(RunJudge, SaysWhichFileItCannotOpen) {
  std::ostringstream out, err;
  JudgeArguments cmd;
  cmd.trace = "/nonexistent/trace.jsonl";
  EXPECT_EQ(RunJudge(cmd, out, err), 2);
  EXPECT_NE(err.str().find("/nonexistent/trace.jsonl: No such file"), std::string::npos);
}

TEST(RunJudge, AHoleOfYearsInATraceTakesNoLongerThanOneOfHours) {
  const auto after = [](double hole) {
    const std::string late =
        fmt::format("{{\"t\":{:.1f},\"e\":\"attempt\",\"id\":9999,\"ip\":\"60.1.1.1\"}}\n", hole);
    return Judged(Json(), Trace() + late);
  };
  const Answer hours = after(2 * 3600), years = after(9.9e8);
  EXPECT_EQ(years.code, 0) << years.err;
  EXPECT_EQ(years.out, hours.out);  // every change of state came before either
}

}  // namespace
}  // namespace candor
