// SPDX-License-Identifier: Apache-2.0
//
// Against a real Redis: the scripts, the rights, TLS, notifications.
#include "steer/redis_store.h"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "base/poll.h"
#include "redis_server.h"
#include "rows.h"
#include "steer/row_watch.h"
#include "steer/scripts.h"

namespace candor::steer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Redis : public testing::Test {
 protected:
  static void SetUpTestSuite() { std::signal(SIGPIPE, SIG_IGN); }
  void SetUp() override {
    admin_ = server_.Admin();
    ASSERT_TRUE(admin_) << "redis-server does not run";
    options_.addresses = {server_.address()};
    Connect();
  }
  void Connect() {
    auto made = RedisDialer::Make(options_);
    ASSERT_TRUE(made) << made.error().message;
    store_.reset();
    dialer_ = std::move(*made);
    store_ = std::make_unique<RedisStore>(*dialer_);
  }
  Reply Do(const std::vector<std::string>& words) {
    auto reply = admin_->Call(words, MonotonicNow() + seconds(2));
    EXPECT_TRUE(reply) << reply.error().message;
    return reply ? *reply : Reply{};
  }
  // Of a cluster of n nodes ND_0.., all of which say that they serve, but those of `down`.
  ClaimAnswer Ask(int me, int n, double share = 0.7, const std::vector<int>& down = {}) {
    Claim claim{"ND_" + std::to_string(me), "chi", share, {}};
    for (int i = 0; i < n; ++i)
      claim.fresh.push_back(
          {"ND_" + std::to_string(i), std::find(down.begin(), down.end(), i) == down.end()});
    const auto answer = store_->Ask(claim);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? *answer : ClaimAnswer{};
  }

  RedisServer server_;
  RedisOptions options_;
  std::unique_ptr<RedisConnection> admin_;
  std::unique_ptr<RedisDialer> dialer_;
  std::unique_ptr<RedisStore> store_;
};

TEST_F(Redis, RowsAreReadAsTheyAre) {
  const std::string row = MakeRow({});
  Do({"HSET", kNodesKey, "ND_a", row});
  EXPECT_EQ(**store_->ReadNode("ND_a"), row);
  EXPECT_FALSE(store_->ReadNode("ND_b")->has_value());
  const auto all = store_->ReadNodes();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->front().message, row);
}

TEST_F(Redis, ARowIsReplacedOnlyWhileItIsTheOneThatWasSeen) {
  const std::string row = MakeRow({}), newer = MakeRow({.updated_at = 1002}),
                    steered = *SteeredRow(row, Rooms::kNew);
  Do({"HSET", kNodesKey, "ND_a", newer});
  EXPECT_FALSE(*store_->Replace("ND_a", row, steered, false));
  EXPECT_EQ(**store_->ReadNode("ND_a"), newer);
  EXPECT_FALSE(*store_->Replace("ND_b", row, steered, false)) << "a node that has ended is not brought back";
  Do({"HSET", kNodesKey, "ND_a", row});
  EXPECT_TRUE(*store_->Replace("ND_a", row, steered, false));
  EXPECT_EQ(**store_->ReadNode("ND_a"), steered);
}

TEST_F(Redis, ARowIsSteeredOnlyWhileTheClaimIsInForce) {
  const std::string row = MakeRow({.id = "ND_0"});
  Do({"HSET", kNodesKey, "ND_0", row});
  EXPECT_FALSE(*store_->Replace("ND_0", row, row + "x", true));
  EXPECT_TRUE(Ask(0, 4).granted);
  EXPECT_TRUE(*store_->Replace("ND_0", row, row + "x", true));
  Do({"HSET", kSteeredKey, "ND_0", "1 2 chi"});  // it ended long ago
  EXPECT_FALSE(*store_->Replace("ND_0", row + "x", row, true));
}

TEST_F(Redis, OfTenNodesThatSickenAtOnceSevenStay) {
  int granted = 0;
  for (int i = 0; i < 10; ++i) granted += Ask(i, 10).granted ? 1 : 0;
  EXPECT_EQ(granted, 3);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(Ask(i, 10).granted, i < 3) << "the same ones, round after round";
  }
  EXPECT_TRUE(store_->Release("ND_1"));
  EXPECT_TRUE(Ask(7, 10).granted) << "its place is free";
  EXPECT_FALSE(Ask(1, 10).granted);
}

TEST_F(Redis, TheShareIsExact) {
  const struct {
    int nodes;
    double share;
    int granted;
  } kRows[] = {{1, 0.7, 0},  {2, 0.7, 0}, {3, 0.7, 0}, {4, 0.7, 1},   {6, 0.7, 1},  {7, 0.7, 2},
               {10, 0.7, 3}, {3, 0.6, 1}, {2, 0.5, 1}, {10, 0.0, 10}, {10, 1.0, 0}, {20, 0.9, 2}};
  for (const auto& row : kRows) {
    Do({"DEL", kSteeredKey});
    int granted = 0;
    for (int i = 0; i < row.nodes; ++i) granted += Ask(i, row.nodes, row.share).granted ? 1 : 0;
    EXPECT_EQ(granted, row.granted) << row.nodes << " nodes, share " << row.share;
  }
}

TEST_F(Redis, NodesThatSayThemselvesThatTheyDoNotServeCount) {
  EXPECT_FALSE(Ask(0, 10, 0.7, {5, 6, 7}).granted);
  const ClaimAnswer answer = Ask(0, 10, 0.7, {5, 6});
  EXPECT_TRUE(answer.granted);
  EXPECT_EQ(answer.left, 7u);
  EXPECT_EQ(answer.needed, 7u);
}

TEST_F(Redis, ASteeredNodeWhoseRowLooksStaleCountsAsANode) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Ask(9 - i, 10).granted);
  const ClaimAnswer answer = Ask(0, 7);  // the rows of 7, 8 and 9 look stale
  EXPECT_EQ(answer.nodes, 10u);
  EXPECT_FALSE(answer.granted);
}

TEST_F(Redis, WhenNodesDieTheNewestClaimIsTakenBack) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Ask(i, 10).granted);
  // Of nine, two may be missing.
  EXPECT_TRUE(Ask(0, 9).granted);
  EXPECT_TRUE(Ask(1, 9).granted);
  EXPECT_FALSE(Ask(2, 9).granted);
}

TEST_F(Redis, OtherRegionsAndEndedClaimsDoNotCount) {
  const std::string later = std::to_string(4102444800000);
  Do({"HSET", kSteeredKey, "ND_far", "1 " + later + " fra", "ND_dead", "1 2 chi", "ND_junk", "x"});
  EXPECT_TRUE(Ask(0, 4).granted);
  EXPECT_EQ(Do({"HKEYS", kSteeredKey}).items.size(), 2u) << "what has ended is removed";
  EXPECT_GT(Do({"PTTL", kSteeredKey}).integer, 0);
}

TEST_F(Redis, NotificationsAreNoticedWhereRedisSendsThem) {
  RowWatch watch(*dialer_, 0);
  watch.Open(MonotonicNow());
  ASSERT_GE(watch.fd(), 0);
  Do({"HSET", kNodesKey, "ND_a", "x"});
  EXPECT_FALSE(WaitReadable(watch.fd(), milliseconds(100)));
  EXPECT_FALSE(watch.works(MonotonicNow()));
  Do({"CONFIG", "SET", "notify-keyspace-events", "Kh"});
  Do({"HSET", kNodesKey, "ND_a", "y"});
  ASSERT_TRUE(WaitReadable(watch.fd(), seconds(2)));
  EXPECT_TRUE(watch.Take(MonotonicNow()));
  EXPECT_TRUE(watch.works(MonotonicNow()));
  EXPECT_FALSE(watch.works(MonotonicNow() + seconds(10)));
}

// The rights that are published are enough, and nothing else is allowed.
TEST_F(Redis, ThePublishedRightsAreEnough) {
  std::ifstream acl(std::string(CANDOR_TEST_DATA) + "/../../scripts/packaging/livekit/redis.acl");
  std::string line, rights;
  while (std::getline(acl, line))
    if (line.starts_with("user ")) rights = line;
  ASSERT_FALSE(rights.empty());
  std::vector<std::string> words = {"ACL", "SETUSER"};
  std::istringstream all(rights);
  for (std::string word; all >> word;) words.push_back(word == ">PASSWORD" ? ">secret" : word);
  words.erase(words.begin() + 2);  // "user"
  Do(words);
  std::ofstream(server_.folder() + "/password") << "secret\n";
  options_.username = words[2];
  options_.password_file = server_.folder() + "/password";
  Connect();
  const std::string row = MakeRow({.id = "ND_0"});
  Do({"HSET", kNodesKey, "ND_0", row});
  EXPECT_TRUE(store_->ReadNodes());
  EXPECT_TRUE(store_->ReadNode("ND_0"));
  EXPECT_TRUE(Ask(0, 4).granted);
  EXPECT_TRUE(*store_->Replace("ND_0", row, *SteeredRow(row, Rooms::kNew), true));
  EXPECT_TRUE(store_->Release("ND_0"));
  RowWatch watch(*dialer_, 0);
  watch.Open(MonotonicNow());
  EXPECT_GE(watch.fd(), 0);
  auto mine = dialer_->Dial(MonotonicNow() + seconds(1));
  ASSERT_TRUE(mine);
  for (const auto& call :
       std::vector<std::vector<std::string>>{{"HGETALL", "room_node_map"},
                                             {"DEL", kNodesKey},
                                             {"HDEL", kNodesKey, "ND_0"},
                                             {"CONFIG", "GET", "*"},
                                             {"FLUSHALL"},
                                             {"KEYS", "*"},
                                             {"EVAL", "return redis.call('GET', KEYS[1])", "1", "other"}}) {
    const auto reply = (*mine)->Call(call, MonotonicNow() + seconds(1));
    EXPECT_FALSE(reply) << call[0];
  }
}

TEST_F(Redis, AWrongPasswordIsSaidSo) {
  Do({"CONFIG", "SET", "requirepass", "secret"});
  std::ofstream(server_.folder() + "/password") << "other\n";
  options_.password_file = server_.folder() + "/password";
  Connect();
  const auto read = store_->ReadNodes();
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("refuses AUTH: WRONGPASS"), std::string::npos) << read.error().message;
  EXPECT_EQ(read.error().message.find("other"), std::string::npos) << "and the password is not";
}

TEST_F(Redis, AReadOnlyOneIsSaidSo) {
  Do({"HSET", kNodesKey, "ND_a", "x"});
  Do({"REPLICAOF", "127.0.0.1", "1"});
  const auto done = store_->Replace("ND_a", "x", "x", false);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("READONLY"), std::string::npos) << done.error().message;
}

TEST_F(Redis, AMissingPasswordFileIsAnErrorOfTheStart) {
  options_.password_file = "/nonexistent";
  EXPECT_FALSE(RedisDialer::Make(options_));
}

}  // namespace
}  // namespace candor::steer
