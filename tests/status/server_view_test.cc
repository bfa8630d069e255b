// SPDX-License-Identifier: Apache-2.0
#include "status/server_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "status/health_names.h"
#include "status/history.h"

namespace candor {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

ServerStatus Server(uint32_t id, const std::string& name, State state) {
  ServerStatus s;
  s.id = id;
  s.name = name;
  s.verdict.state = state;
  s.verdict.reason = state == State::kHealthy ? "ok" : "frozen";
  s.verdict.at = Time(FromSeconds(1000));
  s.counts.attempts = id;
  return s;
}

class ServerViewTest : public ::testing::Test {
 protected:
  ServerViewTest() { Publish(State::kHealthy); }

  void Publish(State of_second, bool blind = false) {
    Snapshot s;
    s.verdict.state = State::kDegraded;
    s.verdict.reason = "server_failing";
    s.verdict.at = Time(FromSeconds(1000));
    s.source.kind = "bpf";
    if (blind) s.source.blindness = {"no_btf", "text"};
    s.servers = {Server(1, "a.service", State::kHealthy), Server(2, "b.service", of_second)};
    s.attempts.resize(3);
    s.attempts[0].server = s.attempts[2].server = 2;
    s.flows.resize(1);
    s.flows[0].server = 1;
    store_.Publish(std::move(s));
  }

  SnapshotStore store_;
};

TEST_F(ServerViewTest, ShowsTheVerdictTheCountsAndTheListsOfOneServer) {
  Publish(State::kFailing);
  const SnapshotPtr b = ViewOf(store_.Read(), "b.service");
  ASSERT_TRUE(b);
  EXPECT_EQ(b->shown().state, State::kFailing);
  EXPECT_EQ(b->counts.attempts, 2u);
  EXPECT_THAT(b->attempts, SizeIs(2));
  EXPECT_THAT(b->flows, SizeIs(0));
  EXPECT_FALSE(b->serving);
  EXPECT_EQ(NameOfVerdict(*b), "b.service");
  EXPECT_TRUE(store_.Read()->serving) << "the node is DEGRADED";
}

TEST_F(ServerViewTest, TheNodeIsTheViewWithoutAName) {
  EXPECT_EQ(ViewOf(store_.Read(), ""), store_.Read());
  EXPECT_EQ(NameOfVerdict(*store_.Read()), "") << "it has several";
}

TEST_F(ServerViewTest, AnUnknownNameIsToldTheKnownOnes) {
  EXPECT_FALSE(ViewOf(store_.Read(), "c"));
  EXPECT_THAT(UnknownServerMessage(*store_.Read(), "c"),
              HasSubstr("expected one of \"a.service\", \"b.service\""));
  EXPECT_THAT(UnknownServerMessage(*store_.Read(), std::string(5000, 'x')).size(), ::testing::Lt(300u));
}

TEST_F(ServerViewTest, BlindnessAndOverridesOfTheNodeHoldForEachServer) {
  Publish(State::kHealthy, true);
  EXPECT_EQ(ViewOf(store_.Read(), "a.service")->shown().state, State::kBlind);
  store_.ApplyOverrides([](Overrides& o) { o.drain.emplace(); });
  EXPECT_EQ(ViewOf(store_.Read(), "a.service")->shown().state, State::kDraining);
  EXPECT_FALSE(FindServer(*store_.Read(), "a.service")->serving);
}

TEST_F(ServerViewTest, AChangeOfOneServerIsAChangeForWatchers) {
  const uint64_t before = store_.Read()->sequence;
  Publish(State::kHealthy);
  EXPECT_EQ(store_.Read()->sequence, before);
  Publish(State::kFailing);
  EXPECT_EQ(store_.Read()->sequence, before + 1);
}

TEST_F(ServerViewTest, ItsNameIsAServiceOfGrpcHealth) {
  EXPECT_EQ(IsServing("b.service", *store_.Read()), std::optional(true));
  Publish(State::kFailing);
  EXPECT_EQ(IsServing("b.service", *store_.Read()), std::optional(false));
  EXPECT_EQ(IsServing("c.service", *store_.Read()), std::nullopt);
  EXPECT_THAT(HealthServiceNames(*store_.Read()), Contains("b.service"));
  EXPECT_THAT(UnknownServiceMessage("c", *store_.Read()), HasSubstr("\"b.service\""));
}

TEST_F(ServerViewTest, AConfiguredNameIsKnownBeforeTheFirstJudgement) {
  const SnapshotStore store(BlindPolicy::kFollowSelf, 0, {"janus"});
  EXPECT_EQ(IsServing("janus", *store.Read()), std::optional(false)) << "no self-report has come yet";
}

TEST_F(ServerViewTest, TheHistoryNamesTheServerThatChanged) {
  History history(10, [] { return WallTime{}; });
  history.OnChange(*store_.Read());
  Publish(State::kFailing);
  history.OnChange(*store_.Read());
  const auto newest = history.Newest(10, 0);
  ASSERT_THAT(newest, SizeIs(2));
  EXPECT_EQ(newest[0].server, "b.service");
  EXPECT_EQ(newest[0].state, State::kFailing);
  EXPECT_EQ(newest[1].server, "");
  EXPECT_THAT(history.Newest(10, 0, "b.service"), SizeIs(1));
  EXPECT_THAT(history.Since(store_.Read()->sequence - 1).changes, SizeIs(0)) << "the node's has not changed";
  EXPECT_THAT(history.Since(store_.Read()->sequence - 1, "b.service").changes, SizeIs(1));
}

}  // namespace
}  // namespace candor
