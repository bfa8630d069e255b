// SPDX-License-Identifier: Apache-2.0
#include "selfreport/http_health_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <future>

#include "tests/selfreport/tiny_http_server.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

HealthCheckResult Check(const std::string& url, Duration timeout = 2s) {
  auto client = MakeHttpHealthClient(url);
  return client ? (*client)->Check(timeout) : HealthCheckResult{SelfAnswer::kPending, client.error().message};
}

TEST(HttpHealthClient, Takes2xxForOk) {
  for (const char* status : {"200 OK", "204 No Content", "299 Odd"}) {
    TinyHttpServer node(Say("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 0\r\n\r\n"));
    const HealthCheckResult a = Check(node.url());
    EXPECT_EQ(a.answer, SelfAnswer::kOk) << status;
    EXPECT_EQ(a.detail, "HTTP " + std::string(status, 3));
  }
}

TEST(HttpHealthClient, TakesEveryOtherStatusForDown) {
  for (const char* status : {"503 Service Unavailable", "404 Not Found", "500 Oops", "304 Not Modified"}) {
    TinyHttpServer node(Say("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 0\r\n\r\n"));
    const HealthCheckResult a = Check(node.url());
    EXPECT_EQ(a.answer, SelfAnswer::kDown) << status;
    EXPECT_EQ(a.detail, "HTTP " + std::string(status, 3));
  }
}

TEST(HttpHealthClient, SendsGetWithPathAndUserAgent) {
  std::promise<std::string> request;
  TinyHttpServer node([&](TinyHttpServer&, int fd, const std::string& head) {
    request.set_value(head);
    TinyHttpServer::Send(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  EXPECT_EQ(Check(node.url()).answer, SelfAnswer::kOk);
  const std::string head = request.get_future().get();
  EXPECT_TRUE(head.starts_with("GET /health HTTP/1.1\r\n")) << head;
  EXPECT_THAT(head, HasSubstr("User-Agent: candor/"));
}

TEST(HttpHealthClient, DoesNotFollowARedirect) {
  TinyHttpServer well(Say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  TinyHttpServer node(Say("HTTP/1.1 302 Found\r\nLocation: " + well.url() + "\r\nContent-Length: 0\r\n\r\n"));
  const HealthCheckResult a = Check(node.url());
  EXPECT_EQ(a.answer, SelfAnswer::kDown);
  EXPECT_EQ(a.detail, "HTTP 302");
  EXPECT_EQ(well.requests(), 0);
}

TEST(HttpHealthClient, IsUnreachableWithoutAnAnswerInTime) {
  TinyHttpServer node([](TinyHttpServer& s, int fd, const std::string&) { s.Hang(fd); });
  const auto before = std::chrono::steady_clock::now();
  const HealthCheckResult a = Check(node.url(), 100ms);
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_EQ(a.answer, SelfAnswer::kUnreachable);
  EXPECT_THAT(a.detail, HasSubstr("timed out"));
  EXPECT_GE(took, 90ms);
  EXPECT_LT(took, 1s);
}

TEST(HttpHealthClient, DoesNotTakeHalfAHeadForAnAnswer) {
  TinyHttpServer node([](TinyHttpServer& s, int fd, const std::string&) {
    TinyHttpServer::Send(fd, "HTTP/1.1 200 OK\r\nContent-Le");
    s.Hang(fd);
  });
  EXPECT_EQ(Check(node.url(), 100ms).answer, SelfAnswer::kUnreachable);
}

TEST(HttpHealthClient, DoesNotTakeAnInterimStatusForAnAnswer) {
  TinyHttpServer node([](TinyHttpServer& s, int fd, const std::string&) {
    TinyHttpServer::Send(fd, "HTTP/1.1 100 Continue\r\n\r\n");
    s.Hang(fd);
  });
  EXPECT_EQ(Check(node.url(), 100ms).answer, SelfAnswer::kUnreachable);
}

TEST(HttpHealthClient, IsUnreachableWithTheReasonWithoutAListener) {
  std::string url;
  {
    const TinyHttpServer gone(Say(""));
    url = gone.url();
  }
  const HealthCheckResult a = Check(url);
  EXPECT_EQ(a.answer, SelfAnswer::kUnreachable);
  EXPECT_THAT(a.detail, HasSubstr("onnect"));
}

TEST(HttpHealthClient, IsUnreachableWhenTheAnswerIsEmptyOrNoHttp) {
  TinyHttpServer silent(Say(""));
  EXPECT_EQ(Check(silent.url()).answer, SelfAnswer::kUnreachable);
  TinyHttpServer other(Say("220 smtp.example.net ESMTP\r\n"));
  EXPECT_EQ(Check(other.url()).answer, SelfAnswer::kUnreachable);
}

TEST(HttpHealthClient, ReadsABoundedPartOfAHugeBodyAndTakesTheStatus) {
  std::atomic<size_t> sent{0};
  TinyHttpServer node([&](TinyHttpServer& s, int fd, const std::string&) {
    TinyHttpServer::Send(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
    const std::string block(64 * 1024, 'x');
    while (!s.stopping() && sent < (1u << 30) && TinyHttpServer::Send(fd, block)) sent += block.size();
  });
  const HealthCheckResult a = Check(node.url(), 5s);
  EXPECT_EQ(a.answer, SelfAnswer::kOk);
  EXPECT_EQ(a.detail, "HTTP 200");
  EXPECT_LT(sent, 32u << 20);  // what fits into the sockets' buffers
}

TEST(HttpHealthClient, TakesTheStatusOfABodyThatNeverEnds) {
  TinyHttpServer node([](TinyHttpServer& s, int fd, const std::string&) {
    TinyHttpServer::Send(fd, "HTTP/1.1 503 Busy\r\nContent-Length: 10\r\n\r\nbus");
    s.Hang(fd);
  });
  const HealthCheckResult a = Check(node.url(), 100ms);
  EXPECT_EQ(a.answer, SelfAnswer::kDown);
  EXPECT_EQ(a.detail, "HTTP 503");
}

TEST(HttpHealthClient, IgnoresTheProxyOfTheEnvironment) {
  TinyHttpServer node(Say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  ::setenv("http_proxy", "http://127.0.0.1:1/", 1);
  ::setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
  const HealthCheckResult a = Check(node.url());
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  EXPECT_EQ(a.answer, SelfAnswer::kOk) << a.detail;
}

TEST(HttpHealthClient, WorksAgainAfterAFailure) {
  std::atomic<bool> well{false};
  TinyHttpServer node([&](TinyHttpServer& s, int fd, const std::string&) {
    if (!well) return s.Hang(fd);
    TinyHttpServer::Send(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  auto client = MakeHttpHealthClient(node.url());
  ASSERT_TRUE(client);
  EXPECT_EQ((*client)->Check(50ms).answer, SelfAnswer::kUnreachable);
  well = true;
  EXPECT_EQ((*client)->Check(2s).answer, SelfAnswer::kOk);
}

TEST(HttpHealthClient, CancelEndsTheCheckInProgressAndEveryLaterOne) {
  TinyHttpServer node([](TinyHttpServer& s, int fd, const std::string&) { s.Hang(fd); });
  auto client = MakeHttpHealthClient(node.url());
  ASSERT_TRUE(client);
  auto check = std::async(std::launch::async, [&] { return (*client)->Check(30s); });
  EXPECT_EQ(check.wait_for(50ms), std::future_status::timeout);
  (*client)->Cancel();
  EXPECT_EQ(check.wait_for(500ms), std::future_status::ready);
  const auto before = std::chrono::steady_clock::now();
  (*client)->Check(30s);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 500ms);
}

}  // namespace
}  // namespace candor
