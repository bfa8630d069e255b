// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/status.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kFunnel =
    "  attempts  1,204,331 offered > 1,180,002 acknowledged > 1,120,000 active, since start\n"
    "  stalled   waiting on node 12, peer 8, path 3, none 1\n"
    "  other     left 30, refused 2, unanswered 24, early drop 4, replaced 5, evicted 6\n"
    "  open      offered 7, answered 9, nominated 10, secured 11, active 312\n"
    "  source    bpf on /sys/fs/cgroup; 349 of 65,536 flows open; candord 0.1.0\n";

TEST(Status, ShowsAHealthyNodeOnOneScreen) {
  EXPECT_EQ(RenderStatus(HealthyVerdict(), BpfInfo(), kNow, Style{}),
            std::string("  SERVING   HEALTHY for 3 h 5 min: ok\n"
                        "  61 attempts became active in the last 5 min\n"
                        "  self-report OK (HTTP 200), verdict HEALTHY\n"
                        "\n") +
                kFunnel + "  probes    seeing\n");
}

TEST(Status, MarksAnOverriddenSelfReport) {
  EXPECT_EQ(RenderStatus(FailingVerdict(), BpfInfo(), kNow, Style{}),
            std::string("  NOT SERVING   FAILING for 4 min 12 s: waiting_on_node\n"
                        "  12 of 14 attempts wait for the node's next packet\n"
                        "\n"
                        "  !! self-report OK (HTTP 200), verdict FAILING: overridden\n"
                        "\n") +
                kFunnel +
                "  probes    seeing\n"
                "  next      candorctl why\n");
}

TEST(Status, ListsTheWarningsOfTheSource) {
  pb::Info info = BpfInfo();
  info.add_warnings("no socket evidence: receive drops are not visible");
  info.add_notes("took over the probes");
  EXPECT_THAT(RenderStatus(HealthyVerdict(), info, kNow, Style{}),
              HasSubstr("  warning   no socket evidence: receive drops are not visible\n"
                        "  note      took over the probes\n"
                        "  probes    seeing\n"));
}

TEST(Status, ShowsWhyTheProbesCannotSee) {
  const std::string screen = RenderStatus(BlindVerdict(), BpfInfo(), kNow, Style{});
  EXPECT_THAT(screen, HasSubstr("  SERVING   BLIND for 3 h 5 min: load_timeout\n"));
  EXPECT_THAT(screen, HasSubstr("verdict BLIND: the self-report decides\n"));
  EXPECT_THAT(
      screen,
      HasSubstr("  probes    BLIND, load_timeout: loading the probes has not returned; reboot the host\n"));
  EXPECT_THAT(screen, HasSubstr("  next      candorctl doctor\n"));
}

TEST(Status, ColoursTheVerdictOnlyWhenItMay) {
  FakeNode node;
  node.answers.verdict = FailingVerdict();
  node.answers.info = BpfInfo();
  EXPECT_THAT(Ctl(node.address(), "status", true).out, HasSubstr("\x1b[1;31mFAILING\x1b[0m"));
  EXPECT_THAT(Ctl(node.address(), "status --no-color", true).out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(Ctl(node.address(), "status", false).out, Not(HasSubstr("\x1b")));
}

TEST(Status, ExitsWithZeroWhateverTheAnswer) {
  FakeNode node;
  node.answers.verdict = FailingVerdict();
  node.answers.info = BpfInfo();
  const Ran ran = Ctl(node.address(), "status");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, RenderStatus(FailingVerdict(), BpfInfo(), kNow, Style{}));
}

TEST(Status, JsonIsTheVerdictOnOneLine) {
  FakeNode node;
  node.answers.verdict = FailingVerdict();
  const Ran ran = Ctl(node.address(), "-o json status");
  pb::Verdict back;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(ran.out, &back).ok()) << ran.out;
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(back, FailingVerdict()));
  EXPECT_EQ(ran.out.find('\n'), ran.out.size() - 1);
}

TEST(Status, ShowsTheVerdictEvenWhenTheSourceIsUnknown) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  node.answers.info_code = 13;
  const Ran ran = Ctl(node.address(), "status");
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out,
              HasSubstr("  source    unknown: the call to " + node.address() + " failed: made to fail"));
}

TEST(Status, HostileTextFromTheWireIsEscaped) {
  pb::Verdict v = BlindVerdict();
  for (auto* text : {v.mutable_reason(), v.mutable_detail(), v.mutable_blindness_code(),
                     v.mutable_blindness_text(), v.mutable_self()->mutable_detail()}) {
    *text = kHostile;
  }
  pb::Info info = BpfInfo();
  for (auto* text : {info.mutable_source(), info.mutable_source_target(), info.mutable_version()})
    *text = kHostile;
  const std::string screen = RenderStatus(v, info, kNow, Style{});
  size_t shown = 0;
  for (size_t at = 0; (at = screen.find("\\x1b]0;owned\\x07", at)) != std::string::npos; ++at) ++shown;
  EXPECT_EQ(shown, 8u);
  for (const char c : screen) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_THAT(screen, Not(HasSubstr("\xc2\x9b")));
}

TEST(Status, AnOldVerdictComesWithAWarning) {
  pb::Verdict v = HealthyVerdict();
  *v.mutable_judged_at() = Before(std::chrono::seconds(90));
  EXPECT_THAT(RenderStatus(v, BpfInfo(), kNow, Style{}),
              HasSubstr("  !! last judged 1 min 30 s ago: candord's pipeline has stopped"));
}

TEST(Status, NamesTheCauseAndHowSureItIs) {
  pb::Verdict v = FailingVerdict();
  v.mutable_cause()->set_code("mtu");
  EXPECT_THAT(RenderStatus(v, BpfInfo(), kNow, Style{}), HasSubstr("\n  cause     mtu (inferred)\n"));
}

}  // namespace
}  // namespace candor::cli
