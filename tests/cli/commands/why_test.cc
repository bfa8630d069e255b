// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/why.h"

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

TEST(Why, GoesFromTheVerdictToTheRemediation) {
  EXPECT_EQ(RenderWhy(FailingVerdict(), kNow, Style{}),
            R"(FAILING: new connections get no media, and the node is the cause.
  For 4 min 12 s (since 2026-06-02 12:06:03Z). Reason: waiting_on_node.
  12 of 14 attempts wait for the node's next packet
  self-report OK (HTTP 200), verdict FAILING: overridden.
  The effective answer is NOT SERVING.

Evidence
  12 of 14 counted attempts failed, over 35 s, from 7 client networks.
  Baseline failure rate: 0.5 %. Most likely rate now: 86 %.

Waiting on
  Of the failed: node 12, peer 0, path 0, none 0.
  Most of them reached the phase: secured.

Detectors
  DETECTOR         SCORE/THRESHOLD         SCORE  THRESHOLD  BASELINE
  waiting_on_node  [####################]   12.4       10.0     0.5 %  FIRED, decides
  never_active     [##########..........]    5.0       10.0     3.0 %
  slow_setup       [....................]    0.0       10.0     1.0 %  degrades only

Attempts with the largest weight
    ID  WEIGHT         AGE  PHASE    WAITING ON  OUTCOME  PEER
  4711   +3.25  1 min 15 s  secured  node        stalled  203.0.113.9:51234

Not counted, since start
  3 repeats from an address whose failure is counted already
  1 above the limit per network: a quarter of an alarm

When it clears
  In 26 s at the earliest, if the evidence allows.

What to do
  Drain the node and look at the media server's egress.
)");
}

TEST(Why, TheServersOwnCountersStandBesideTheSockets) {
  pb::Verdict v = HealthyVerdict();
  EXPECT_THAT(RenderWhy(v, kNow, Style{}), Not(HasSubstr("own counters")));
  pb::ReportedJoins& r = *v.mutable_reported_joins();
  r.set_unavailable("the setting is not set");
  EXPECT_THAT(RenderWhy(v, kNow, Style{}), HasSubstr("own counters\n  the setting is not set.\n"))
      << "whether it is configured is no matter of words";
  r.set_unavailable("the page of metrics answers HTTP 404");
  EXPECT_THAT(RenderWhy(v, kNow, Style{}),
              HasSubstr("The media server's own counters\n  the page of metrics answers HTTP 404.\n"));
  r.clear_unavailable();
  r.set_signalled(1300), r.set_begun(1200), r.set_up(1100), r.set_resumed(2), r.set_cancelled(7);
  r.set_usual_share(0.95), r.set_usual_attempts(2);
  EXPECT_THAT(
      RenderWhy(v, kNow, Style{}),
      HasSubstr(
          "The media server's own counters\n"
          "  Since its start: 1,300 signalled, 1,200 joins begun, 1,100 came up, 2 resumed, 7 given up.\n"
          "  Usually at least 95 % of the joins come up, with 2.0 attempts each at the sockets.\n"
          "  Nothing differs from that now.\n"));
  r.set_window_begun(30), r.set_window_up(1), r.set_window_attempts(0), r.set_window_expected(28.5);
  r.mutable_window()->set_seconds(12);
  r.set_score(21), r.set_socket_score(20.5), r.set_threshold(20);
  EXPECT_THAT(
      RenderWhy(v, kNow, Style{}),
      HasSubstr(
          "  Within 12 s: 30 joins begun, 1 came up (usually 28), 0 attempts at the sockets (usually 60).\n"
          "  Evidence: 21.0 by the server's counters, 20.5 by the sockets; it fires at 20.0.\n"));
}

TEST(Why, SocketEvidenceIsShownOrWhyThereIsNone) {
  pb::Verdict v = HealthyVerdict();
  pb::SocketLoss& drops = *v.add_sockets();
  drops.set_name("receive_drops");
  drops.set_lost(1204);
  drops.set_tried(20113);
  drops.set_seconds(12);
  drops.set_bad_seconds(11);
  drops.mutable_window()->set_seconds(12);
  EXPECT_THAT(
      RenderWhy(v, kNow, Style{}),
      HasSubstr("\nSockets\n  receive_drops: 1,204 of 20,113 datagrams (6.0 %) over 12 s, more than 1 % in "
                "11 of 12 seconds.\n"));
  drops.set_tried(0);
  EXPECT_THAT(RenderWhy(v, kNow, Style{}), HasSubstr("\n  Too few recent datagrams to measure losses.\n"));
  v.set_sockets_unavailable("a capture sees packets, not sockets");
  EXPECT_THAT(RenderWhy(v, kNow, Style{}),
              HasSubstr("\n  No socket evidence: a capture sees packets, not sockets.\n"));
}

pb::DropReason* AddReason(pb::Verdict* v, const char* name, uint64_t datagrams, int64_t seconds_ago) {
  pb::DropReason* r = v->mutable_drops()->add_reasons();
  r->set_name(name);
  r->set_direction("out");
  r->set_datagrams(datagrams);
  *r->mutable_last() = Before(std::chrono::seconds(seconds_ago));
  r->set_help(std::string("what of ") + name);
  r->set_remediation(std::string("look at ") + name);
  return r;
}

TEST(Why, DropReasonsEndWithTheRemediationOfTheLargestThatGrew) {
  pb::Verdict v = HealthyVerdict();
  v.mutable_drops();
  EXPECT_THAT(RenderWhy(v, kNow, Style{}), Not(HasSubstr("\nSockets\n"))) << "nothing was dropped";
  AddReason(&v, "qdisc", 7, 2);
  AddReason(&v, "netfilter", 1204, 3);
  AddReason(&v, "neighbour", 90000, 40);
  EXPECT_THAT(RenderWhy(v, kNow, Style{}),
              HasSubstr("\nSockets\n"
                        "  Drop reasons of the kernel, since start:\n"
                        "    neighbour, out: 90,000, last 40 s ago: what of neighbour.\n"
                        "    netfilter, out: 1,204, last 3 s ago: what of netfilter.\n"
                        "    qdisc, out: 7, last 2 s ago: what of qdisc.\n"
                        "  Remediation for netfilter, out: look at netfilter.\n"));
  for (pb::DropReason& r : *v.mutable_drops()->mutable_reasons())
    *r.mutable_last() = Before(std::chrono::minutes(2));
  EXPECT_THAT(RenderWhy(v, kNow, Style{}), Not(HasSubstr("Remediation for"))) << "over";
  v.mutable_drops()->set_unavailable("no tracepoint; sums stand for it");
  EXPECT_THAT(RenderWhy(v, kNow, Style{}),
              HasSubstr("\nSockets\n  No drop reasons: no tracepoint; sums stand for it.\n"));
}

TEST(Why, IsShortForAHealthyNode) {
  EXPECT_EQ(RenderWhy(HealthyVerdict(), kNow, Style{}),
            R"(HEALTHY: attempts become active; a total failure would have been detected.
  For 3 h 5 min (since 2026-06-02 09:05:15Z). Reason: ok.
  61 attempts became active in the last 5 min
  self-report OK (HTTP 200), verdict HEALTHY.
  The effective answer is SERVING.

Evidence
  No attempt counts at present.

Not counted, since start
  Nothing.
)");
}

TEST(Why, BlindnessComesWithItsCodeAndItsRemediation) {
  const std::string text = RenderWhy(BlindVerdict(), kNow, Style{});
  EXPECT_THAT(
      text, HasSubstr("\nProbes\n  The probes cannot see, load_timeout: loading the probes has not returned; "
                      "reboot the host\n"));
  EXPECT_THAT(text, HasSubstr("\nWhen it clears\n  As soon as the evidence allows.\n"));
}

TEST(Why, ColourMarksTheVerdictAndWhatFired) {
  const std::string text = RenderWhy(FailingVerdict(), kNow, Style{true});
  EXPECT_THAT(text, HasSubstr("\x1b[1;31mFAILING\x1b[0m: new connections"));
  EXPECT_THAT(text, HasSubstr("\x1b[1;31mFIRED, decides\x1b[0m"));
}

TEST(Why, OneNetworkIsSingular) {
  pb::Verdict v = FailingVerdict();
  v.set_networks(1);
  EXPECT_THAT(RenderWhy(v, kNow, Style{}), HasSubstr("from 1 client network.\n"));
}

TEST(Why, HostileTextFromTheWireIsEscaped) {
  pb::Verdict v = FailingVerdict();
  for (auto* text :
       {v.mutable_reason(), v.mutable_detail(), v.mutable_remediation(), v.mutable_blindness_code(),
        v.mutable_blindness_text(), v.mutable_self()->mutable_detail(), v.mutable_examples(0)->mutable_peer(),
        v.mutable_detectors(1)->mutable_name()}) {
    *text = kHostile;
  }
  const std::string text = RenderWhy(v, kNow, Style{});
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_THAT(text, Not(HasSubstr("\xc2\x9b")));
  EXPECT_THAT(text, HasSubstr(kHostileShown));
}

TEST(Why, TheCommandPrintsTextOrTheVerdictAsJson) {
  FakeNode node;
  node.answers.verdict = FailingVerdict();
  EXPECT_EQ(Ctl(node.address(), "why").out, RenderWhy(FailingVerdict(), kNow, Style{}));
  const Ran json = Ctl(node.address(), "why -o json");
  EXPECT_EQ(json.code, 0);
  pb::Verdict back;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json.out, &back).ok());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(back, FailingVerdict()));
}

TEST(Why, ShowsTheCauseWithHowSureItIsAndWhatItRestsOn) {
  pb::Verdict v = FailingVerdict();
  pb::Cause& cause = *v.mutable_cause();
  cause.set_code("dropped_netfilter_out");
  cause.set_measured(true);
  cause.set_text("This node's firewall drops it.");
  cause.set_remediation("See nft.");
  cause.add_chain("measured: 1051 datagrams");
  const std::string text = RenderWhy(v, kNow, Style{});
  EXPECT_THAT(text,
              HasSubstr("\nCause\n  dropped_netfilter_out (measured)\n  This node's firewall drops it.\n"
                        "    - measured: 1051 datagrams\n  Remediation of the cause: See nft.\n"));
  cause.clear_code();
  EXPECT_THAT(RenderWhy(v, kNow, Style{}), HasSubstr("\nCause\n  No single cause is named.\n"));
  cause.set_code(kHostile);
  EXPECT_THAT(RenderWhy(v, kNow, Style{}), Not(HasSubstr(kHostile))) << "it must be Printable";
}

}  // namespace
}  // namespace candor::cli
