// SPDX-License-Identifier: Apache-2.0
#include "web/web_server.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "harness.h"

namespace candor::web {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

using WebServerTest = WebServerFixture;

TEST_F(WebServerTest, SeveralRequestsUseOneConnection) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  const Client client(server_->http().front());
  for (int i = 0; i < 3; ++i) {
    client.Send("GET /readyz HTTP/1.1\r\nHost: here\r\n\r\n");
    EXPECT_THAT(client.ReadAnswer(), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
}

TEST_F(WebServerTest, RequestsSentAtOnceAreAnsweredInOrder) {
  const Client client(server_->http().front());
  client.Send(
      "GET /livez HTTP/1.1\r\n\r\nGET /nope HTTP/1.1\r\n\r\nGET /livez HTTP/1.1\r\nConnection: "
      "close\r\n\r\n");
  EXPECT_THAT(client.ReadAnswer(), HasSubstr(" 200 OK"));
  EXPECT_THAT(client.ReadAnswer(), HasSubstr(" 404 Not Found"));
  EXPECT_THAT(client.ReadAll(), HasSubstr(" 200 OK"));
}

TEST_F(WebServerTest, HeadHasTheHeadersOfGetAndNoBody) {
  const std::string head = Ask("HEAD /livez HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Length: 6\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
  EXPECT_THAT(Get("/livez"), EndsWith("\r\n\r\nalive\n"));
}

TEST_F(WebServerTest, Http10WorksWithAndWithoutKeepAlive) {
  EXPECT_THAT(Ask("GET /livez HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.0 200 OK\r\n"));
  const Client client(server_->http().front());
  client.Send("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(client.ReadAnswer(), HasSubstr("Connection: keep-alive\r\n"));
  client.Send("GET /livez HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.ReadAll(), HasSubstr("alive"));
}

TEST_F(WebServerTest, EveryResponseHasADateAndForbidsCaching) {
  const std::string answer = Get("/nope");
  EXPECT_THAT(answer,
              testing::ContainsRegex("Date: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} .* GMT\r\n"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store\r\n"));
}

TEST_F(WebServerTest, AStalledPipelineIsNotAliveAndIsStillAnswered) {
  tick_age_ = Duration(std::chrono::seconds(3)).count();
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 503 "));
  tick_age_ = 0;
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(WebServerTest, TheAgentWritesOneLineAndClosesWhateverTheClientSends) {
  snapshots_.Publish(SnapshotOf(State::kDraining));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(AskAgent(), "drain\n");
  const Client talker(server_->agent().front());
  talker.Send(std::string(1000, 'x') + "\n");
  EXPECT_EQ(talker.ReadAll(), "drain\n");
}

TEST_F(WebServerTest, AUnixSocketHasItsModeAndIsRemovedAtTheEnd) {
  const std::string path = testing::TempDir() + "candor_web_test.sock";
  WebOptions options = Options();
  options.http_listen = {"unix:" + path};
  Open(options);
  struct stat st {};
  ASSERT_EQ(::stat(path.c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0660u);
  EXPECT_THAT(Get("/livez"), HasSubstr("alive"));
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(WebServerTest, AUnixSocketWithoutAProcessIsReplaced) {
  const std::string path = testing::TempDir() + "candor_web_left.sock";
  std::filesystem::remove(path);
  const UniqueFd left(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un sun{};
  sun.sun_family = AF_UNIX;
  path.copy(sun.sun_path, sizeof sun.sun_path - 1);
  ASSERT_EQ(::bind(left.get(), reinterpret_cast<const sockaddr*>(&sun), sizeof sun), 0);  // never listens
  WebOptions options = Options();
  options.http_listen = {"unix:" + path};
  Open(options);
  EXPECT_THAT(Get("/livez"), HasSubstr("alive"));
}

TEST_F(WebServerTest, APortInUseIsNamed) {
  WebOptions options = Options();
  options.agent_listen = server_->http();
  AboutProcess about;
  about.since_tick = [] { return Duration(0); };
  const auto second = WebServer::Start(options, snapshots_, about);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr(server_->http().front() + ": another process listens there"));
  options.agent_listen = {"nonsense"};
  EXPECT_THAT(WebServer::Start(options, snapshots_, about).error().message,
              HasSubstr("'nonsense' is not an address"));
}

TEST_F(WebServerTest, AServerMayHaveNoPorts) {
  WebOptions options;
  options.http_listen = options.agent_listen = {};
  Open(options);
  EXPECT_TRUE(server_->http().empty());
  server_->Stop();
}

TEST_F(WebServerTest, StopClosesEveryConnectionAndIsIdempotent) {
  const Client waiting(server_->http().front());
  const Client resting(server_->http().front());
  resting.Send("GET /livez HTTP/1.1\r\n\r\n");
  EXPECT_THAT(resting.ReadAnswer(), HasSubstr("alive"));
  server_->Stop();
  server_->Stop();
  EXPECT_TRUE(waiting.IsClosed());
  EXPECT_TRUE(resting.IsClosed());
}

TEST_F(WebServerTest, LimitsChangeWhileItServes) {
  const std::string long_request =
      "GET /livez HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\nConnection: close\r\n\r\n";
  EXPECT_THAT(Ask(long_request), StartsWith("HTTP/1.1 200 "));
  WebOptions bounds = Options();
  bounds.max_header_bytes = 1000;
  bounds.max_connections = 2;
  server_->SetBounds(bounds);
  EXPECT_THAT(Ask(long_request), StartsWith("HTTP/1.1 431 "));
  const Client oldest(server_->http().front()), second(server_->http().front());
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 "));
  EXPECT_TRUE(oldest.IsClosed()) << "the limit is two, and it was idle for longest";
}

}  // namespace
}  // namespace candor::web
