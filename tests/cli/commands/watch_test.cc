// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/watch.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kHealthyLine =
    "2026-06-02 12:10:14Z  HEALTHY    SERVING      node OK             ok: 61 attempts became active in the "
    "last 5 min";
constexpr const char* kFailingLine =
    "2026-06-02 12:10:14Z  FAILING    NOT SERVING  node OK             waiting_on_node: 12 of 14 attempts "
    "wait for "
    "the "
    "node's next packet";

pb::Verdict Numbered(pb::Verdict v, uint64_t sequence) {
  v.set_sequence(sequence);
  return v;
}

TEST(RenderChange, HasTimeStateAndReason) {
  EXPECT_EQ(RenderChange(HealthyVerdict(), 0, Style{}), kHealthyLine);
  EXPECT_EQ(RenderChange(FailingVerdict(), 0, Style{}), kFailingLine);
}

TEST(RenderChange, CountsMissedChanges) {
  EXPECT_EQ(RenderChange(FailingVerdict(), 1, Style{}),
            std::string(kFailingLine) + " (1 change before this one not received)");
  EXPECT_THAT(RenderChange(FailingVerdict(), 3, Style{}),
              HasSubstr(" (3 changes before this one not received)"));
}

TEST(RenderChange, HostileTextFromTheWireIsEscaped) {
  pb::Verdict v = FailingVerdict();
  v.set_reason(kHostile);
  v.set_detail(kHostile);
  const std::string line = RenderChange(v, 0, Style{});
  for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  EXPECT_THAT(line, Not(HasSubstr("\xc2\x9b")));
}

TEST(ParseWaitCondition, TakesAnswersAndStates) {
  EXPECT_TRUE((*ParseWaitCondition("serving"))(HealthyVerdict()));
  EXPECT_FALSE((*ParseWaitCondition("serving"))(FailingVerdict()));
  EXPECT_TRUE((*ParseWaitCondition("Not-Serving"))(FailingVerdict()));
  EXPECT_TRUE((*ParseWaitCondition("failing"))(FailingVerdict()));
  EXPECT_FALSE((*ParseWaitCondition("FAILING"))(HealthyVerdict()));
  EXPECT_FALSE(ParseWaitCondition("notserving").has_value());
  EXPECT_FALSE(ParseWaitCondition("").has_value());
}

TEST(Watch, PrintsEachChangeOnceAndEndsAtItsCondition) {
  FakeNode node;
  // A heartbeat repeats the sequence; the condition is met after one change that was missed.
  node.answers.streams = {
      {Numbered(HealthyVerdict(), 7), Numbered(HealthyVerdict(), 7), Numbered(FailingVerdict(), 9)}};
  const Ran ran = Ctl(node.address(), "watch --until failing --for 20s");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out,
            std::string(kHealthyLine) + "\n" + kFailingLine + " (1 change before this one not received)\n");
  EXPECT_EQ(ran.err, "");
}

TEST(Watch, EndsWithFiveWhenItsTimeRunsOut) {
  FakeNode node;
  node.answers.streams = {{HealthyVerdict()}};
  const Ran ran = Ctl(node.address(), "watch --until failing --for 300ms");
  EXPECT_EQ(ran.code, 5);
  EXPECT_EQ(ran.out, std::string(kHealthyLine) + "\n");
}

TEST(Watch, Reconnects) {
  FakeNode node;
  node.answers.streams = {{Numbered(HealthyVerdict(), 7)}, {Numbered(FailingVerdict(), 2)}};
  const Ran ran = Ctl(node.address(), "watch --until not-serving --for 20s");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out, std::string(kHealthyLine) + "\n" + kFailingLine + "\n");
  EXPECT_EQ(ran.err, "2026-06-02 12:10:15Z  lost: the stream from " + node.address() +
                         " ended; retrying\n2026-06-02 12:10:15Z  reconnected after 0 s\n");
}

TEST(Watch, MissingHeartbeatsAreALostConnection) {
  FakeNode node;
  node.answers.streams = {{HealthyVerdict()}};
  const Ran ran = Ctl(node.address(), "watch --heartbeat 100ms --timeout 400ms --until failing --for 900ms");
  EXPECT_EQ(ran.code, 5);
  EXPECT_THAT(ran.err, HasSubstr("lost: no heartbeat from " + node.address() + " for 500 ms"));
  EXPECT_EQ(node.answers.watch_request.heartbeat().nanos(), 100'000'000);
}

TEST(Watch, JsonIsAVerdictALine) {
  FakeNode node;
  node.answers.streams = {{HealthyVerdict(), FailingVerdict()}};
  const Ran ran = Ctl(node.address(), "watch -o json --until failing --for 20s");
  std::istringstream lines(ran.out);
  std::vector<pb::State> states;
  for (std::string line; std::getline(lines, line);) {
    pb::Verdict verdict;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &verdict).ok()) << line;
    states.push_back(verdict.state());
  }
  EXPECT_EQ(states, (std::vector<pb::State>{pb::HEALTHY, pb::FAILING}));
}

TEST(Watch, WithoutACandordEndsAtOnceUnlessAConditionIsGiven) {
  const Ran at_once = Ctl("unix:/nowhere/candord.sock", "watch");
  EXPECT_EQ(at_once.code, 2);
  EXPECT_THAT(at_once.err, HasSubstr("cannot reach candord at unix:/nowhere/candord.sock"));
  const Ran waiting = Ctl("unix:/nowhere/candord.sock", "watch --until serving --for 700ms");
  EXPECT_EQ(waiting.code, 5);
  EXPECT_EQ(std::count(waiting.err.begin(), waiting.err.end(), '\n'), 1) << waiting.err;
}

TEST(Watch, ACallThatIsRefusedForGoodIsNotTriedAgain) {
  FakeNode node;
  node.answers.node_health_code = 7;  // PERMISSION_DENIED
  const Ran ran = Ctl(node.address(), "watch --until serving --for 20s");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("made to fail"));
}

TEST(Watch, BadFlagsNameWhatIsExpected) {
  EXPECT_EQ(Ctl("", "watch --until maybe").code, 1);
  EXPECT_THAT(Ctl("", "watch --until maybe").err,
              HasSubstr("expected serving, not-serving, UNKNOWN, HEALTHY"));
  EXPECT_THAT(Ctl("", "watch --for soon").err, HasSubstr("expected a duration such as 30s"));
  EXPECT_THAT(Ctl("", "watch --heartbeat 99ms").err, HasSubstr("expected a duration of 100ms or more"));
}

}  // namespace
}  // namespace candor::cli
