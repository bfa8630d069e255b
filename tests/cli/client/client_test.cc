// SPDX-License-Identifier: Apache-2.0
#include "cli/client/client.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/unique_fd.h"
#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;

// A port of the loopback that is bound; it is listened on, and never answered, when `listening`.
struct Port {
  UniqueFd fd;
  std::string address;
};

Port BoundPort(bool listening) {
  Port port{UniqueFd(socket(AF_INET, SOCK_STREAM, 0)), ""};
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof local;
  EXPECT_EQ(bind(port.fd.get(), reinterpret_cast<sockaddr*>(&local), size), 0);
  EXPECT_EQ(getsockname(port.fd.get(), reinterpret_cast<sockaddr*>(&local), &size), 0);
  EXPECT_EQ(listening ? listen(port.fd.get(), 8) : 0, 0);
  port.address = "127.0.0.1:" + std::to_string(ntohs(local.sin_port));
  return port;
}

TEST(IsAddress, TakesHostAndPortOrAUnixPath) {
  for (const char* good : {"127.0.0.1:7460", "localhost:1", "[::1]:7460", "node-7.example:65535",
                           "unix:/run/c.sock", "unix:c.sock"}) {
    EXPECT_TRUE(IsAddress(good)) << good;
  }
  for (const char* bad : {"", ":7460", "localhost", "localhost:", "localhost:0", "localhost:65536",
                          "localhost:74x", "::1:7460", "unix:", "http://localhost:7460", "a b:1"}) {
    EXPECT_FALSE(IsAddress(bad)) << bad;
  }
}

TEST(Client, ARefusedConnectionFailsAtOnceWithTheRemediation) {
  const Port port = BoundPort(false);
  const auto start = std::chrono::steady_clock::now();
  const auto client = Client::Connect(port.address, std::chrono::seconds(30));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  ASSERT_FALSE(client.has_value());
  EXPECT_EQ(client.error().exit_code, kExitConnect);
  EXPECT_EQ(client.error().message,
            "cannot reach candord at " + port.address +
                ": Connection refused; is candord running? start it (systemctl start candord, or "
                "scripts/run), or give --address");
}

TEST(Client, AListenerThatDoesNotAnswerFailsAfterTheTimeout) {
  const Port port = BoundPort(true);
  const auto client = Client::Connect(port.address, std::chrono::milliseconds(100));
  ASSERT_FALSE(client.has_value());
  EXPECT_EQ(client.error().exit_code, kExitConnect);
  EXPECT_THAT(client.error().message, HasSubstr("no answer within 100 ms"));
}

TEST(Client, AnAnswerThatIsLateIsAFailedCall) {
  FakeNode node;
  node.answers.delay = std::chrono::milliseconds(400);
  auto client = Client::Connect(node.address(), std::chrono::milliseconds(200));
  ASSERT_TRUE(client.has_value()) << client.error().message;
  const auto verdict = client->Call(&pb::NodeHealth::Stub::GetVerdict, pb::GetVerdictRequest());
  ASSERT_FALSE(verdict.has_value());
  EXPECT_EQ(verdict.error().exit_code, kExitRpc);
  EXPECT_THAT(verdict.error().message, HasSubstr("did not answer within 200 ms"));
}

TEST(Client, AServersErrorTextIsEscaped) {
  FakeNode node;
  node.answers.node_health_code = 13;
  node.answers.error_text = kHostile;
  const Ran ran = Ctl(node.address(), "status");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr(kHostileShown));
  for (const char c : ran.err) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

TEST(Client, AServerOfAnotherKindIsNamedSo) {
  FakeNode node;
  node.answers.node_health_code = 12;
  const Ran ran = Ctl(node.address(), "why");
  EXPECT_EQ(ran.code, 3);
  EXPECT_EQ(ran.err,
            "candorctl: " + node.address() +
                " does not serve this call; it is not candord, or another version of it: check --address\n");
}

TEST(Client, APortForHealthChecksOnlyIsNamedSo) {
  FakeNode node;
  node.answers.node_health_code = 12;
  node.answers.health[""] = true;
  const Ran ran = Ctl(node.address(), "status");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err,
              HasSubstr("answers health checks only (an address of the setting listen.health_only?)"));
}

}  // namespace
}  // namespace candor::cli
