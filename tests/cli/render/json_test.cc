// SPDX-License-Identifier: Apache-2.0
#include "cli/render/json.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "candor/v1/node_health.pb.h"

namespace candor::cli {
namespace {

using google::protobuf::util::JsonStringToMessage;

TEST(Json, AMessageComesBackAsItWas) {
  candor::v1::Attempt attempt;
  attempt.set_id(UINT64_MAX);
  attempt.set_peer("203.0.113.9:51234");
  attempt.set_waiting_on(candor::v1::WAITING_ON_NODE);
  attempt.mutable_first()->set_seconds(1'780'401'963);
  candor::v1::Attempt back;
  ASSERT_TRUE(JsonStringToMessage(ToJson(attempt), &back).ok());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(attempt, back));
}

TEST(Json, HasTheProtosOwnNamesAndEveryPrimitiveField) {
  const std::string json = ToJson(candor::v1::Attempt());
  EXPECT_NE(json.find("\"stun_error\":0"), std::string::npos) << json;
  EXPECT_NE(json.find("\"peer_alive\":false"), std::string::npos) << json;
  EXPECT_EQ(json.find('\n'), std::string::npos);
}

TEST(Json, NeverCarriesAControlCharacter) {
  candor::v1::Attempt attempt;
  std::string all;
  for (char c = 0; c < 0x20; ++c) all += c;
  attempt.set_key(all + "\x7f\xc2\x9b");
  for (const char c : ToJson(attempt)) {
    EXPECT_GE(static_cast<unsigned char>(c), 0x20);
    EXPECT_NE(c, '\x7f');
    EXPECT_NE(c, '\x9b');
  }
}

TEST(Json, ATimeThatHasNoJsonFormIsSaidSo) {
  candor::v1::Attempt attempt;
  attempt.mutable_first()->set_seconds(INT64_MAX);
  EXPECT_EQ(ToJson(attempt), "{\"error\":\"the answer has no JSON form\"}");
}

TEST(JsonObject, KeepsTheOrderAndQuotesItsValues) {
  EXPECT_EQ(JsonObject({}), "{}");
  EXPECT_EQ(JsonObject({{"b", "1"}, {"a", "say \"x\""}}), R"({"b":"1","a":"say \"x\""})");
}

TEST(JsonObject, BytesThatAreNoUtf8StillMakeJson) {
  const std::string json = JsonObject({{"text", "\xff\x1b"}});
  google::protobuf::Struct back;
  ASSERT_TRUE(JsonStringToMessage(json, &back).ok()) << json;
  EXPECT_EQ(back.fields().at("text").string_value(), "\\xff\\x1b");
}

}  // namespace
}  // namespace candor::cli
