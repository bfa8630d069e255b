// SPDX-License-Identifier: Apache-2.0
#include "config/web_settings.h"

#include <gmock/gmock.h>

#include "config/config.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> Errors(const std::string& yaml) {
  const auto parsed = ParseConfig(yaml);
  std::vector<std::string> out;
  if (parsed) return out;
  for (const ConfigError& e : parsed.error()) out.push_back(e.ToString("c.yaml"));
  return out;
}

TEST(ConfigWeb, LoopbackAloneIsServedUnlessConfigured) {
  const Config c;
  EXPECT_THAT(c.web.http_listen, ElementsAre("127.0.0.1:7461"));
  EXPECT_THAT(c.web.agent_listen, ElementsAre("127.0.0.1:7462"));
}

TEST(ConfigWeb, EverySettingReachesItsPlace) {
  const auto c = ParseConfig(R"(
listen: {http: ["0.0.0.0:80", "unix:/run/h.sock"], haproxy_agent: []}
web: {max_connections: 9, max_header_bytes: 512, request_timeout: 1s, idle_timeout: 2s, write_timeout: 3s}
)");
  ASSERT_TRUE(c);
  EXPECT_THAT(c->web.http_listen, ElementsAre("0.0.0.0:80", "unix:/run/h.sock"));
  EXPECT_THAT(c->web.agent_listen, IsEmpty());
  EXPECT_EQ(c->web.max_connections, 9u);
  EXPECT_EQ(c->web.max_header_bytes, 512u);
  EXPECT_EQ(c->web.request_timeout, std::chrono::seconds(1));
  EXPECT_EQ(c->web.idle_timeout, std::chrono::seconds(2));
  EXPECT_EQ(c->web.write_timeout, std::chrono::seconds(3));
}

TEST(ConfigWeb, OneAddressServesOneKindOfQuestion) {
  EXPECT_THAT(
      Errors("listen: {http: [127.0.0.1:7460]}\n"),
      ElementsAre(HasSubstr("listen.http: expected each address once; 127.0.0.1:7460 is in listen.grpc")));
  EXPECT_THAT(Errors("listen: {http: [a:1], haproxy_agent: [a:1, b:2, b:2]}\n"),
              ElementsAre(HasSubstr("a:1 is in listen.http"), HasSubstr("b:2 is in listen.haproxy_agent")));
  EXPECT_THAT(Errors("listen: {http: [a:0, a:0], haproxy_agent: [a:0]}\n"), IsEmpty());
}

TEST(ConfigWeb, BoundsThatBoundNothingAreRefused) {
  EXPECT_THAT(Errors("web: {max_connections: 0}\n"), ElementsAre(HasSubstr("expected 1 to 100000")));
  EXPECT_THAT(Errors("web: {max_header_bytes: 100}\n"), ElementsAre(HasSubstr("expected 256 to 1048576")));
  EXPECT_THAT(Errors("web: {request_timeout: 0s}\n"), ElementsAre(HasSubstr("expected 10ms to 1h")));
  EXPECT_THAT(Errors("listen: {http: [7461]}\n"), ElementsAre(HasSubstr("expected HOST:PORT")));
}

}  // namespace
}  // namespace candor
