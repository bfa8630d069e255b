// SPDX-License-Identifier: Apache-2.0
#include "config/steer_settings.h"

#include <gmock/gmock.h>

#include "config/config.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Errors(const std::string& livekit) {
  const auto parsed = ParseConfig("steer: {livekit: {" + livekit + "}}\n");
  std::string out;
  if (parsed) return out;
  for (const ConfigError& e : parsed.error()) out += e.ToString("c.yaml") + "\n";
  return out;
}

TEST(ConfigSteer, IsOffUnlessARedisIsNamed) {
  EXPECT_FALSE(Config{}.steer.enabled());
  EXPECT_EQ(Errors(""), "");
  EXPECT_TRUE(ParseConfig("steer: {livekit: {redis: ['127.0.0.1:6379']}}\n")->steer.enabled());
}

TEST(ConfigSteer, EverySettingReachesItsPlace) {
  const auto c = ParseConfig(R"(
steer:
  livekit:
    redis: ["10.0.0.1:26379", "10.0.0.2:26379"]
    sentinel: lk
    database: 3
    username: candor
    password_file: /etc/candor/redis
    sentinel_username: watcher
    sentinel_password_file: /etc/candor/sentinel
    tls: {enabled: true, ca: /ca.pem, certificate: /cert.pem, key: /key.pem, name: redis.internal}
    node_id: ND_x
    node_ip: 203.0.113.7
    rooms: all
    min_serving_share: 0.5
    scope: cluster
)");
  ASSERT_TRUE(c) << c.error().front().message;
  const steer::SteerOptions& o = c->steer;
  EXPECT_THAT(o.redis.addresses, ElementsAre("10.0.0.1:26379", "10.0.0.2:26379"));
  EXPECT_EQ(o.redis.sentinel, "lk");
  EXPECT_EQ(o.redis.database, 3u);
  EXPECT_EQ(o.redis.username, "candor");
  EXPECT_EQ(o.redis.password_file, "/etc/candor/redis");
  EXPECT_EQ(o.redis.sentinel_username, "watcher");
  EXPECT_EQ(o.redis.sentinel_password_file, "/etc/candor/sentinel");
  EXPECT_TRUE(o.redis.tls);
  EXPECT_EQ(o.redis.tls_ca + o.redis.tls_certificate + o.redis.tls_key, "/ca.pem/cert.pem/key.pem");
  EXPECT_EQ(o.redis.tls_name, "redis.internal");
  EXPECT_EQ(o.node_id, "ND_x");
  EXPECT_EQ(o.node_ip, "203.0.113.7");
  EXPECT_EQ(o.rooms, steer::Rooms::kAll);
  EXPECT_EQ(o.min_serving_share, 0.5);
  EXPECT_EQ(o.scope, steer::Scope::kCluster);
  EXPECT_EQ(PrintConfig(*ParseConfig(PrintConfig(*c))), PrintConfig(*c));
}

TEST(ConfigSteer, WhatCannotBeMeantIsAnError) {
  EXPECT_THAT(Errors("redis: [here]"), HasSubstr("expected HOST:PORT or unix:/path"));
  EXPECT_THAT(Errors("redis: ['a:1', 'b:1']"), HasSubstr("steer.livekit.sentinel"));
  EXPECT_THAT(Errors("sentinel: lk"), HasSubstr("expected the address of LiveKit's Redis"));
  EXPECT_THAT(Errors("redis: ['a:1'], rooms: some"), HasSubstr("expected new | all"));
  EXPECT_THAT(Errors("redis: ['a:1'], min_serving_share: 70"), HasSubstr("expected 0 to 1"));
  EXPECT_THAT(Errors("redis: ['a:1'], username: candor"), HasSubstr("password_file"));
  EXPECT_THAT(Errors("redis: ['a:1'], tls: {ca: /ca.pem}"),
              HasSubstr("steer.livekit.tls.enabled: expected true"));
  EXPECT_THAT(Errors("redis: ['a:1'], tls: {enabled: true, key: /k}"),
              HasSubstr("certificate and key together"));
}

}  // namespace
}  // namespace candor
