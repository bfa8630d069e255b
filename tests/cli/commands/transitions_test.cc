// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;

void AddBoth(FakeNode& node) {
  pb::Transition* drain = node.answers.transitions.add_transitions();
  drain->set_kind(pb::Transition::OPERATOR);
  drain->set_action("drain");
  drain->set_by("root (uid 0, pid 7)");
  drain->set_detail("kernel update");
  *drain->mutable_at() = Before(std::chrono::seconds(15));
  pb::Transition* change = node.answers.transitions.add_transitions();
  change->set_kind(pb::Transition::CHANGE);
  change->set_before(pb::HEALTHY);
  change->set_state(pb::FAILING);
  change->set_self(pb::SelfReport::OK);
  change->set_reason("waiting_on_node");
  change->set_detail("12 of 14 stall");
  *change->mutable_at() = Before(std::chrono::seconds(75));
}

TEST(Transitions, AreLinesWithTheChangeAndTheOperator) {
  FakeNode node;
  AddBoth(node);
  const Ran ran = Ctl(node.address(), "transitions --limit 7");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(
      ran.out,
      "2026-06-02 12:10:00Z  drain by root (uid 0, pid 7): kernel update\n"
      "2026-06-02 12:09:00Z  HEALTHY -> FAILING  NOT SERVING  node OK  waiting_on_node: 12 of 14 stall\n");
  EXPECT_EQ(node.answers.transitions_request.page_size(), 7u);
}

TEST(Transitions, JsonIsOneALine) {
  FakeNode node;
  AddBoth(node);
  std::istringstream lines(Ctl(node.address(), "transitions -o json").out);
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  pb::Transition back;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &back).ok()) << line;
  EXPECT_EQ(back.by(), "root (uid 0, pid 7)");
}

TEST(Transitions, WarnThatThereAreMoreOrNone) {
  FakeNode node;
  EXPECT_EQ(Ctl(node.address(), "transitions").out, "no transitions\n");
  node.answers.transitions.set_next_page_token("t7");
  EXPECT_THAT(Ctl(node.address(), "transitions").err, HasSubstr("there are more"));
}

TEST(Transitions, AForeignReasonCannotDriveTheTerminal) {
  FakeNode node;
  AddBoth(node);
  node.answers.transitions.mutable_transitions(0)->set_detail(kHostile);
  EXPECT_THAT(Ctl(node.address(), "transitions").out, HasSubstr(kHostileShown));
}

}  // namespace
}  // namespace candor::cli
