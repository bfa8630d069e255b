// SPDX-License-Identifier: Apache-2.0
#include "web/pages.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "serve/verdict_json.h"
#include "tests/status/snapshots.h"

namespace candor::web {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

google::protobuf::Struct Parsed(const std::string& json) {
  google::protobuf::Struct object;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &object).ok()) << json;
  return object;
}

class PagesTest : public testing::Test {
 protected:
  PagesTest() {
    about_.version = "1.2.3", about_.since_tick = [this] { return age_; };
  }
  Answer Get(const std::string& target) { return Pages(snapshots_, traffic_, about_).Respond("GET", target); }

  SnapshotStore snapshots_;
  Traffic traffic_;
  AboutProcess about_;
  Duration age_{};
};

TEST_F(PagesTest, AtTheStartTheNodeIsNotReadyAndCandorIsAlive) {
  EXPECT_EQ(Get("/readyz").status, 503);
  EXPECT_EQ(Get("/livez").status, 200);
}

TEST_F(PagesTest, AliveMeansThatThePipelineTickedWithinTwoSecondsWhateverTheVerdict) {
  snapshots_.Publish(SnapshotOf(State::kFailing));
  age_ = std::chrono::milliseconds(2000);
  EXPECT_EQ(Get("/livez").status, 200);
  age_ = std::chrono::milliseconds(2001);
  const Answer answer = Get("/livez");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(Parsed(answer.body).fields().at("reason").string_value(), "stalled");
}

TEST_F(PagesTest, ADetailWithQuotesAndBrokenBytesIsStillJson) {
  Snapshot s = SnapshotOf(State::kFailing);
  s.verdict.detail = "an \"error\"\n\xFF";
  snapshots_.Publish(std::move(s));
  const auto object = Parsed(Get("/readyz").body);
  EXPECT_EQ(object.fields().at("detail").string_value(), "an \"error\"\n\xEF\xBF\xBD");
  EXPECT_FALSE(object.fields().at("serving").bool_value());
}

TEST_F(PagesTest, EachServerHasPagesAndAnAgentLineOfItsOwn) {
  Snapshot s = SnapshotOf(State::kHealthy);
  s.servers.resize(2);
  s.servers[0].name = "a.service";
  s.servers[0].verdict = SnapshotOf(State::kHealthy).verdict;
  s.servers[1].name = "b.service";
  s.servers[1].verdict = SnapshotOf(State::kFailing).verdict;
  snapshots_.Publish(std::move(s));
  EXPECT_EQ(Get("/readyz").status, 200);
  EXPECT_EQ(Get("/readyz/a.service").status, 200);
  EXPECT_EQ(Get("/healthz/b.service?x").status, 503);
  EXPECT_EQ(Parsed(Get("/readyz/b.service").body).fields().at("server").string_value(), "b.service");
  EXPECT_EQ(Parsed(Get("/verdict/b.service").body).fields().at("state").string_value(), "FAILING");
  EXPECT_EQ(Parsed(Get("/servers").body).fields().at("servers").list_value().values_size(), 2);
  EXPECT_EQ(Get("/readyz/c").status, 404);
  EXPECT_THAT(Get("/readyz/c").body, HasSubstr("\"a.service\", \"b.service\""));
  EXPECT_EQ(Get("/readyz/").status, 404);
  EXPECT_EQ((traffic_.requests[{"/readyz/*", 404}]), 3u);
  const Pages pages(snapshots_, traffic_, about_);
  EXPECT_EQ(pages.AgentLine("a.service"), "up ready 100%");
  EXPECT_THAT(pages.AgentLine("b.service"), StartsWith("down #"));
  EXPECT_EQ(pages.AgentLine("c"), "unknown-server");
}

TEST_F(PagesTest, TheBodyOfABlindNodeHasStateAndReason) {
  snapshots_.Publish(BlindSnapshot(State::kHealthy));
  const Answer answer = Get("/readyz");
  EXPECT_EQ(answer.status, 200);
  const auto object = Parsed(answer.body);
  EXPECT_EQ(object.fields().at("state").string_value(), "BLIND");
  EXPECT_EQ(object.fields().at("reason").string_value(), "load_timeout");
  EXPECT_FALSE(object.fields().at("sees").bool_value());
}

TEST_F(PagesTest, TheVerdictIsTheOneThatGrpcServes) {
  snapshots_.Publish(SnapshotOf(State::kDegraded, SelfAnswer::kOk, "slow_setup"));
  const Answer answer = Get("/verdict");
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(answer.body, VerdictJson(*snapshots_.Read()) + "\n");
  EXPECT_EQ(Parsed(answer.body).fields().at("reason").string_value(), "slow_setup");
}

TEST_F(PagesTest, TheIndexNamesEveryPageAndTheState) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  const Answer answer = Get("/");
  EXPECT_THAT(answer.body, StartsWith("candord 1.2.3: HEALTHY, answering SERVING: because\n"));
  for (const char* page : {"/livez", "/readyz", "/healthz", "/metrics", "/verdict"}) {
    EXPECT_THAT(answer.body, HasSubstr(page));
    EXPECT_EQ(Get(page).status == 404, false) << page;
  }
}

TEST_F(PagesTest, AnUnknownPathGetsTheListOfPages) {
  const Answer answer = Get("/readz");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("/readyz"));
}

TEST_F(PagesTest, OtherMethodsAreRefusedWithThoseAllowed) {
  for (const char* method : {"POST", "OPTIONS", "DELETE", "BREW"}) {
    const Answer answer = Pages(snapshots_, traffic_, about_).Respond(method, "/readyz");
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_THAT(answer.headers, testing::Contains(testing::Pair("Allow", "GET, HEAD")));
  }
}

TEST_F(PagesTest, QueriesAndAbsoluteUrlsNameTheSamePage) {
  for (const char* target :
       {"/livez?verbose=1", "http://node.example:7461/livez", "https://[::1]/livez?x=/y"}) {
    EXPECT_EQ(Get(target).body, "alive\n") << target;
  }
  EXPECT_THAT(Get("http://node.example").body, StartsWith("candord"));
  EXPECT_EQ(Get("/x?u=http://a/livez").status, 404);
}

TEST_F(PagesTest, RequestsAreCountedUnderKnownPathsOnly) {
  Pages pages(snapshots_, traffic_, about_);
  pages.Respond("GET", "/livez?1");
  pages.Respond("GET", "/livez?2");
  pages.Respond("GET", "/secret/1");
  pages.Respond("GET", "/secret/2");
  pages.Refuse(431, "too long");
  using Key = std::pair<std::string, int>;
  EXPECT_THAT(traffic_.requests, testing::UnorderedElementsAre(testing::Pair(Key("/livez", 200), 2),
                                                               testing::Pair(Key("other", 404), 2),
                                                               testing::Pair(Key("other", 431), 1)));
}

}  // namespace
}  // namespace candor::web
