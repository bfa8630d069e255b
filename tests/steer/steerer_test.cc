// SPDX-License-Identifier: Apache-2.0
#include "steer/steerer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>

#include "rows.h"

namespace candor::steer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Redis as far as steering uses it; the scripts themselves are tested against a real one.
class FakeStore : public NodeStore {
 public:
  std::map<std::string, std::string> nodes;
  std::map<std::string, int> claims;  // id, order
  std::string broken;                 // an error for every call
  int reads_of_all = 0, writes = 0;

  Result<std::vector<HashField>> ReadNodes() override {
    if (!broken.empty()) return Fail(broken);
    ++reads_of_all;
    std::vector<HashField> out;
    for (const auto& [id, row] : nodes) out.push_back({id, row});
    return out;
  }
  Result<std::optional<std::string>> ReadNode(const std::string& id) override {
    if (!broken.empty()) return Fail(broken);
    const auto at = nodes.find(id);
    return at == nodes.end() ? std::optional<std::string>() : at->second;
  }
  Result<ClaimAnswer> Ask(const Claim& claim) override {
    if (!broken.empty()) return Fail(broken);
    ClaimAnswer answer;
    answer.nodes = static_cast<uint32_t>(claim.fresh.size());
    for (const auto& node : claim.fresh)
      answer.left += node.serving && node.id != claim.id && !claims.contains(node.id);
    answer.needed = static_cast<uint32_t>(std::ceil(claim.min_serving_share * answer.nodes - 1e-6));
    answer.granted = answer.left >= answer.needed;
    if (answer.granted) claims.emplace(claim.id, static_cast<int>(claims.size()));
    if (!answer.granted) claims.erase(claim.id);
    return answer;
  }
  Result<bool> Replace(const std::string& id, const std::string& seen, const std::string& wanted,
                       bool claimed) override {
    if (!broken.empty()) return Fail(broken);
    if (on_replace) std::exchange(on_replace, nullptr)();
    if (nodes[id] != seen || (claimed && !claims.contains(id))) return false;
    nodes[id] = wanted;
    ++writes;
    return true;
  }
  Result<void> Release(const std::string& id) override {
    if (!broken.empty()) return Fail(broken);
    claims.erase(id);
    return {};
  }
  std::function<void()> on_replace;  // once, before the next one
};

// A cluster of nodes ND_0.. at 10.0.0.0.., the first of which has the Steerer.
class Cluster : public testing::Test {
 protected:
  void Start(int nodes, SteerOptions options = {}) {
    count_ = nodes;
    Heartbeats();
    options.redis.addresses = {"unused"};
    steerer_ = std::make_unique<Steerer>(
        options, [] { return std::vector<std::string>{"10.0.0.0"}; }, store_);
  }
  void Heartbeat(int i, uint64_t state = kServing) {
    const std::string n = std::to_string(i);
    store_.nodes["ND_" + n] =
        MakeRow({.id = "ND_" + n, .ip = "10.0.0." + n, .state = state, .updated_at = Seconds()});
  }
  void Heartbeats() {
    for (int i = 0; i < count_; ++i) Heartbeat(i);
  }
  int64_t Seconds() const { return 1000000 + std::chrono::floor<seconds>(now_.time_since_epoch()).count(); }
  const SteerStatus& Step(bool serving) {
    return steerer_->Step(now_, WallTime(seconds(1000000) + now_.time_since_epoch()), serving);
  }
  // Goes on for `d`, with a heartbeat of all every 2 s; returns for how long the row of ND_0 said SERVING.
  Duration Run(Duration d, bool serving) {
    Duration exposed{};
    for (const Time end = now_ + d; now_ < end;) {
      Step(serving);
      const Duration wait = std::max<Duration>(steerer_->UntilNextLook(now_, false), milliseconds(1));
      for (Duration t{}; t < wait && now_ < end; t += milliseconds(1)) {
        if (Own()->serving()) exposed += milliseconds(1);
        now_ += milliseconds(1);
        if (now_.time_since_epoch() % seconds(2) == Duration::zero()) Heartbeats();
      }
    }
    return exposed;
  }
  std::optional<NodeRow> Own() { return ReadNodeRow(store_.nodes["ND_0"]); }

  int count_ = 0;
  Time now_{seconds(100)};
  FakeStore store_;
  std::unique_ptr<Steerer> steerer_;
};

TEST_F(Cluster, WhileServingLiveKitsWordStands) {
  Start(4);
  EXPECT_EQ(Step(true).state, SteerState::kReady);
  Run(seconds(30), true);
  EXPECT_TRUE(Own()->serving());
  EXPECT_TRUE(store_.claims.empty());
  EXPECT_EQ(steerer_->status().node_id, "ND_0");
  EXPECT_LE(store_.reads_of_all, 2) << "of a node that is fresh only its own row is read";
}

TEST_F(Cluster, TheRowSaysShuttingDownAtOnceAndAfterEveryHeartbeat) {
  Start(4);
  Step(true);
  EXPECT_EQ(Step(false).state, SteerState::kSteering);
  EXPECT_EQ(Own()->state, kShuttingDown);
  EXPECT_EQ(store_.claims.count("ND_0"), 1u);
  const Duration exposed = Run(seconds(200), false);
  EXPECT_LT(candor::Seconds(exposed), 0.02 * 200);
  EXPECT_GE(steerer_->status().rewrites, 99u);
}

TEST_F(Cluster, LetsGoWhenTheNodeMayServe) {
  Start(4);
  Step(false);
  EXPECT_EQ(Step(true).state, SteerState::kReady);
  EXPECT_TRUE(store_.claims.empty());
  EXPECT_EQ(Own()->state, kShuttingDown) << "until the next heartbeat";
  Run(seconds(3), true);
  EXPECT_TRUE(Own()->serving());
}

TEST_F(Cluster, OnlyTheStateOfTheRowChanges) {
  Start(4);
  Step(false);
  EXPECT_EQ(store_.nodes["ND_0"],
            MakeRow({.id = "ND_0", .ip = "10.0.0.0", .state = kShuttingDown, .updated_at = Seconds()}));
}

TEST_F(Cluster, RoomsAllLooksStaleAsWell) {
  SteerOptions all;
  all.rooms = Rooms::kAll;
  Start(4, all);
  EXPECT_EQ(Step(false).state, SteerState::kSteering);
  EXPECT_FALSE(Own()->FreshAt(WallTime(seconds(Seconds()))));
  Run(seconds(20), false);
  EXPECT_EQ(steerer_->status().state, SteerState::kSteering) << "its own row is not taken for a dead one";
}

TEST_F(Cluster, TheLastOnesStay) {
  Start(3);
  const SteerStatus& s = Step(false);
  EXPECT_EQ(s.state, SteerState::kHeldBack);
  EXPECT_EQ(s.nodes, 3u);
  EXPECT_EQ(s.left, 2u);
  EXPECT_EQ(s.needed, 3u);
  EXPECT_NE(s.text.find("(steer.livekit.min_serving_share is 0.7)"), std::string::npos) << s.text;
  EXPECT_TRUE(Own()->serving());
  EXPECT_TRUE(store_.claims.empty());
  count_ = 4;  // a node is added: it looks again
  Heartbeats();
  Run(seconds(2), false);
  EXPECT_EQ(steerer_->status().state, SteerState::kSteering);
}

TEST_F(Cluster, SaysWhereNoNodeMayEverLeave) {
  Start(3);
  EXPECT_NE(Step(true).text.find("of 3 nodes none may ever leave at min_serving_share 0.7: set 0.66 or less"),
            std::string::npos)
      << steerer_->status().text;
  EXPECT_EQ(steerer_->status().state, SteerState::kReady);
  EXPECT_NE(Step(false).text.find("of 3 nodes none may ever leave"), std::string::npos);
  SteerOptions less;
  less.min_serving_share = 0.6;
  Start(3, less);
  EXPECT_EQ(Step(true).text.find("none may ever leave"), std::string::npos) << steerer_->status().text;
  count_ = 2;  // one is removed meanwhile
  store_.nodes.erase("ND_2");
  Run(seconds(70), true);
  EXPECT_NE(steerer_->status().text.find(
                "of 2 nodes none may ever leave at min_serving_share 0.6: set 0.5 or less"),
            std::string::npos)
      << steerer_->status().text;
  Start(1, less);
  store_.nodes.erase("ND_1");
  EXPECT_NE(Step(true).text.find("it is the only one"), std::string::npos) << steerer_->status().text;
}

TEST_F(Cluster, WhoIsHeldBackForNowIsNotToldThatItIsForEver) {
  Start(4);
  Heartbeat(1, kShuttingDown);
  EXPECT_EQ(Step(false).state, SteerState::kHeldBack);
  EXPECT_EQ(steerer_->status().text.find("ever"), std::string::npos) << steerer_->status().text;
}

TEST_F(Cluster, GivesBackWhatIsNoLongerGranted) {
  Start(4);
  Step(false);
  count_ = 3;
  store_.nodes.erase("ND_3");
  Run(seconds(5), false);
  EXPECT_EQ(steerer_->status().state, SteerState::kHeldBack);
  EXPECT_TRUE(Own()->serving());
}

TEST_F(Cluster, AHeartbeatBetweenReadAndWriteIsNeverOverwritten) {
  Start(4);
  store_.on_replace = [&] {
    now_ += seconds(1);
    Heartbeat(0);
  };
  Step(false);
  EXPECT_EQ(steerer_->status().overtaken, 1u);
  EXPECT_TRUE(Own()->serving());
  EXPECT_EQ(steerer_->UntilNextLook(now_, false), Duration::zero());
  Step(false);
  EXPECT_EQ(Own()->state, kShuttingDown);
  EXPECT_EQ(Own()->updated_at, Seconds()) << "the newer row";
}

TEST_F(Cluster, WhatLiveKitItselfSaysIsLeftAlone) {
  Start(4);
  Step(true);
  Heartbeat(0, kShuttingDown);
  const int before = store_.writes;
  EXPECT_EQ(Step(false).state, SteerState::kNotReported);
  EXPECT_EQ(store_.writes, before);
}

TEST_F(Cluster, ANodeThatWritesNoMoreIsLeftToItself) {
  Start(4);
  Step(false);
  now_ += seconds(6);
  for (int i = 1; i < 4; ++i) Heartbeat(i);
  EXPECT_EQ(Step(false).state, SteerState::kNoNode);
  Heartbeat(0);
  EXPECT_EQ(Step(false).state, SteerState::kSteering) << "back again";
}

TEST_F(Cluster, ARestartedLiveKitIsFoundUnderItsNewId) {
  Start(4);
  Step(false);
  store_.nodes.erase("ND_0");
  store_.nodes["ND_new"] = MakeRow({.id = "ND_new", .ip = "10.0.0.0", .updated_at = Seconds()});
  EXPECT_EQ(Step(false).state, SteerState::kNoNode);
  EXPECT_EQ(Step(false).state, SteerState::kSteering);
  EXPECT_EQ(ReadNodeRow(store_.nodes["ND_new"])->state, kShuttingDown);
  EXPECT_FALSE(store_.claims.contains("ND_0")) << "it would count as a node that is missing";
}

TEST_F(Cluster, ARowThatLooksStaleAndIsRemovedForThatComesBack) {
  SteerOptions all;
  all.rooms = Rooms::kAll;
  Start(4, all);
  ASSERT_EQ(Step(false).state, SteerState::kSteering);
  const std::string row = store_.nodes["ND_0"];
  store_.nodes.erase("ND_0");  // another LiveKit starts
  EXPECT_EQ(Step(false).state, SteerState::kSteering);
  Heartbeats();
  EXPECT_EQ(Step(false).state, SteerState::kSteering);
  EXPECT_EQ(ReadNodeRow(store_.nodes["ND_0"])->state, kShuttingDown);
  store_.nodes.erase("ND_0");
  now_ += std::chrono::seconds(6);
  EXPECT_EQ(Step(false).state, SteerState::kNoNode) << "LiveKit has ended";
}

TEST_F(Cluster, WithoutRedisLiveKitsWordStandsAndTheReasonIsGiven) {
  Start(4);
  Step(false);
  store_.broken = "cannot connect to Redis at 127.0.0.1:6379: Connection refused";
  const SteerStatus& s = Step(false);
  EXPECT_EQ(s.state, SteerState::kUnavailable);
  EXPECT_NE(s.text.find("Connection refused"), std::string::npos);
  EXPECT_EQ(s.errors, 1u);
  store_.broken.clear();
  Heartbeats();
  EXPECT_EQ(Step(false).state, SteerState::kSteering);
}

TEST_F(Cluster, RightsAreTriedOutBeforeTheyAreNeeded) {
  Start(4);
  Step(true);
  const std::string before = store_.nodes["ND_0"];
  now_ += seconds(2);
  Heartbeats();
  Step(true);
  EXPECT_EQ(store_.writes, 1) << "the row as it is";
  Run(seconds(50), true);
  EXPECT_EQ(store_.writes, 1) << "and not again soon";
}

TEST_F(Cluster, TheEndOfCandordGivesTheClaimBack) {
  Start(4);
  Step(false);
  steerer_->LetGo();
  EXPECT_TRUE(store_.claims.empty());
}

}  // namespace
}  // namespace candor::steer
