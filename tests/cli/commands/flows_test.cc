// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;

pb::Flow MediaFlow() {
  pb::Flow f;
  f.set_local("192.0.2.10:7882");
  f.set_peer("203.0.113.9:51234");
  f.set_attempt_id(98);
  f.set_ufrag("zz");
  f.set_phase(pb::ACTIVE);
  *f.mutable_first() = Before(std::chrono::hours(3));
  *f.mutable_last_in() = Before(std::chrono::seconds(1));
  f.set_checks_in(40);
  f.set_checks_answered(39);
  f.set_media_in(1234567);
  return f;
}

TEST(Flows, AreATableWithAlignedColumns) {
  FakeNode node;
  *node.answers.flows.add_flows() = MediaFlow();
  const Ran ran = Ctl(node.address(), "flows --limit 3");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(node.answers.flows_request.page_size(), 3u);
  EXPECT_EQ(ran.out,
            "ATTEMPT  AGE  PHASE   WAITING ON  CHECKS   MEDIA IN  MEDIA OUT  LAST IN  LAST OUT  ONE WAY  "
            "PEER        "
            "       LOCAL            UFRAG\n"
            "     98  3 h  active  -            39/40  1,234,567          0      1 s     never        -  "
            "203.0.113.9:51234"
            "  192.0.2.10:7882  zz\n");
}

TEST(Flows, AnEmptyListIsAText) {
  FakeNode node;
  EXPECT_EQ(Ctl(node.address(), "flows").out, "no flows\n");
  EXPECT_EQ(Ctl(node.address(), "flows -o json").out, "");
}

TEST(Flows, JsonIsAFlowALine) {
  FakeNode node;
  *node.answers.flows.add_flows() = MediaFlow();
  node.answers.flows.set_more(true);
  const Ran ran = Ctl(node.address(), "flows -o json");
  pb::Flow back;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(ran.out, &back).ok()) << ran.out;
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(back, MediaFlow()));
  EXPECT_EQ(ran.err, "there are more; raise --limit (at most 1000)\n");
}

TEST(Flows, AUfragThatAPeerChoseCannotDriveTheTerminal) {
  FakeNode node;
  pb::Flow* flow = node.answers.flows.add_flows();
  flow->set_ufrag(kHostile);
  flow->set_peer(kHostile);
  flow->set_local(kHostile);
  const std::string out = Ctl(node.address(), "flows").out;
  EXPECT_THAT(out, HasSubstr(kHostileShown));
  for (const char c : out) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

}  // namespace
}  // namespace candor::cli
