// SPDX-License-Identifier: Apache-2.0
#include "steer/node_row.h"

#include <gtest/gtest.h>

#include "rows.h"

namespace candor::steer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

WallTime At(int64_t s, int64_t ms = 0) { return WallTime(seconds(s) + milliseconds(ms)); }

TEST(NodeRow, ReadsWhatMatters) {
  const auto row = ReadNodeRow(MakeRow({.region = "chicago"}));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->id, "ND_a");
  EXPECT_EQ(row->ip, "10.0.0.5");
  EXPECT_EQ(row->region, "chicago");
  EXPECT_TRUE(row->serving());
  EXPECT_EQ(row->updated_at, 1000);
}

TEST(NodeRow, IsFreshByLiveKitsRule) {
  auto row = *ReadNodeRow(MakeRow({}));
  EXPECT_TRUE(row.FreshAt(At(1004, 999)));
  EXPECT_FALSE(row.FreshAt(At(1005)));
  EXPECT_TRUE(row.FreshAt(At(900))) << "of a clock that is ahead";
  row.updated_at.reset();
  EXPECT_TRUE(row.FreshAt(At(1 << 30))) << "without statistics";
}

TEST(NodeRow, SteeringChangesTheStateAlone) {
  const std::string serving = MakeRow({.region = "chicago"});
  EXPECT_EQ(*SteeredRow(serving, Rooms::kNew), MakeRow({.region = "chicago", .state = kShuttingDown}));
}

TEST(NodeRow, AWholeNodeLooksStaleToo) {
  EXPECT_EQ(*SteeredRow(MakeRow({}), Rooms::kAll), MakeRow({.state = kShuttingDown, .updated_at = 940}));
  std::string bare;
  PutText(1, "ND_a", bare);
  EXPECT_FALSE(ReadNodeRow(*SteeredRow(bare, Rooms::kAll))->FreshAt(At(100)));
}

TEST(NodeRow, WhatIsNoRowIsNotTouched) {
  EXPECT_FALSE(SteeredRow("", Rooms::kNew));
  EXPECT_FALSE(SteeredRow("{\"id\":\"ND_a\"}", Rooms::kNew));
  std::string broken = MakeRow({});
  broken.pop_back();
  EXPECT_FALSE(SteeredRow(broken, Rooms::kNew));
}

std::vector<HashField> Nodes() {
  return {{"ND_a", MakeRow({})},
          {"ND_b", MakeRow({.id = "ND_b", .ip = "10.0.0.6"})},
          {"ND_old", MakeRow({.id = "ND_old", .updated_at = 100})},
          {"ND_c", "nonsense"}};
}

TEST(OwnNode, IsFoundByAddressAmongTheFreshOnes) {
  const auto own = FindOwnNode(Nodes(), "", {"192.168.0.1", "10.0.0.5"}, At(1001));
  ASSERT_TRUE(own.row) << own.error;
  EXPECT_EQ(own.row->id, "ND_a");
}

TEST(OwnNode, IsFoundById) { EXPECT_EQ(FindOwnNode(Nodes(), "ND_b", {}, At(1001)).row->id, "ND_b"); }

TEST(OwnNode, TwoOnOneAddressAreNotGuessed) {
  auto nodes = Nodes();
  nodes.push_back({"ND_d", MakeRow({.id = "ND_d"})});
  const auto own = FindOwnNode(nodes, "", {"10.0.0.5"}, At(1001));
  EXPECT_FALSE(own.row);
  EXPECT_NE(own.error.find("steer.livekit.node_id"), std::string::npos) << own.error;
}

TEST(OwnNode, NoneIsExplained) {
  EXPECT_NE(FindOwnNode(Nodes(), "", {"10.9.9.9"}, At(1001)).error.find("node_ip"), std::string::npos);
  EXPECT_NE(FindOwnNode(Nodes(), "ND_old", {}, At(1001)).error.find("no fresh row ND_old"),
            std::string::npos);
}

}  // namespace
}  // namespace candor::steer
