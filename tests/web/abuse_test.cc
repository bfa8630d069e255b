// SPDX-License-Identifier: Apache-2.0
//
// Hostile clients of the HTTP and agent ports: the server closes or limits each, and answers health checks
// meanwhile.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "harness.h"

namespace candor::web {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

class Abuse : public WebServerFixture {
 protected:
  static WebOptions ShortTimeouts() {
    WebOptions o = Options();
    o.request_timeout = o.write_timeout = milliseconds(300);
    o.idle_timeout = milliseconds(600);
    return o;
  }

  void SetUp() override {
    WebServerFixture::SetUp();
    snapshots_.Publish(SnapshotOf(State::kHealthy));
  }
  // The server counts asynchronously: polls until the sample has this value, at most 2 s.
  std::string Await(const std::string& sample, const std::string& value) const {
    std::string is;
    for (int i = 0; i < 100 && (is = Metric(sample)) != value; ++i)
      std::this_thread::sleep_for(milliseconds(20));
    return is;
  }
  void ExpectServing() const {
    EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_EQ(AskAgent(), "up ready 100%\n");
  }
  const std::string timed_out_ = "candor_web_connections_timed_out_total{port=\"http\"}";
  const std::string evicted_ = "candor_web_connections_evicted_total{port=\"http\"}";
};

TEST_F(Abuse, ASilentConnectionIsClosed) {
  Open(ShortTimeouts());
  const Client silent(server_->http().front());
  EXPECT_TRUE(silent.IsClosed());
  EXPECT_EQ(Await(timed_out_, "1"), "1");
  ExpectServing();
}

TEST_F(Abuse, ARequestSentByteByByteEndsAtTheTimeoutOfTheWholeRequest) {
  Open(ShortTimeouts());
  const Client slow(server_->http().front());
  const auto begun = std::chrono::steady_clock::now();
  const std::string request = "GET /readyz HTTP/1.1\r\nX-Filler: " + std::string(200, 'x');
  for (size_t i = 0; i < request.size() && slow.Send(request.substr(i, 1)); ++i) {
    std::this_thread::sleep_for(milliseconds(20));
    if (std::chrono::steady_clock::now() - begun > std::chrono::seconds(3)) break;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(2));
  EXPECT_EQ(Await(timed_out_, "1"), "1");
}

TEST_F(Abuse, AnIdleConnectionIsClosedWithoutBeingCounted) {
  Open(ShortTimeouts());
  const Client resting(server_->http().front());
  resting.Send("GET /livez HTTP/1.1\r\n\r\n");
  resting.ReadAnswer();
  std::this_thread::sleep_for(milliseconds(400));  // longer than a request may take
  resting.Send("GET /livez HTTP/1.1\r\n\r\n");
  EXPECT_THAT(resting.ReadAnswer(), HasSubstr("alive"));
  EXPECT_TRUE(resting.IsClosed());
  EXPECT_EQ(Metric(timed_out_), "0");
}

TEST_F(Abuse, AClientThatHalfClosesIsAnswered) {
  const Client half(server_->http().front());
  half.Send("GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n");
  half.FinishSending();
  EXPECT_THAT(half.ReadAll(), HasSubstr("alive"));
}

TEST_F(Abuse, AClientThatDoesNotReadIsClosedAndDelaysNoOther) {
  Open(ShortTimeouts());
  const Client unread(server_->http().front(), 2048);
  // The system's buffers take the first answers; in the end the server has to wait.
  const std::string request = "GET /metrics HTTP/1.1\r\n\r\n";
  std::thread asking([&] {
    for (int i = 0; i < 2000 && unread.Send(request); ++i) continue;
  });
  EXPECT_EQ(Await(timed_out_, "1"), "1");
  ExpectServing();
  asking.join();
}

TEST_F(Abuse, AHeaderAboveTheLimitIsRefusedWithTheLimit) {
  const std::string answer = Ask("GET / HTTP/1.1\r\nX: " + std::string(9000, 'a') + "\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(answer, HasSubstr("a request may have 8192 bytes"));
  EXPECT_THAT(Ask("GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\nX: " + std::string(7000, 'a') + "\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 200 "));
  ExpectServing();
}

TEST_F(Abuse, ABodyIsRefusedAndNeverRead) {
  EXPECT_THAT(Ask("GET /readyz HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(Ask("GET /readyz HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(Ask("POST /readyz HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"), StartsWith("HTTP/1.1 405 "));
}

TEST_F(Abuse, OtherProtocolsAreRefusedInWords) {
  for (const std::string& nonsense :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
        std::string("get_me_the_verdict\r\n\r\n"), std::string(3000, '\0'), std::string("GET /\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nno colon\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n")}) {
    EXPECT_THAT(Ask(nonsense), StartsWith("HTTP/1.1 400 ")) << nonsense;
  }
  EXPECT_THAT(Ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), HasSubstr("gRPC has a port of its own"));
  ExpectServing();
}

TEST_F(Abuse, AnAbortedRequestReleasesItsConnection) {
  for (int i = 0; i < 50; ++i) Client(server_->http().front()).Send("GET /readyz HT");
  EXPECT_EQ(Await("candor_web_connections_open{port=\"http\"}", "1"), "1")
      << "only that of the request itself";
}

TEST_F(Abuse, AtTheLimitTheOldestAreEvictedAndAHealthCheckIsAnswered) {
  WebOptions options = Options();
  options.max_connections = 8;
  Open(options);
  std::vector<std::unique_ptr<Client>> open_ones;
  for (int i = 0; i < 50; ++i) {
    open_ones.push_back(std::make_unique<Client>(server_->http().front()));
    ASSERT_TRUE(open_ones.back()->Ok());
  }
  ExpectServing();
  EXPECT_TRUE(open_ones.front()->IsClosed());
  EXPECT_GE(std::stoi(Metric(evicted_)), 42);
}

// Half-open requests, which are not answered: 10,000, or as many as the limit of file descriptors allows for
// both sides.
TEST_F(Abuse, TenThousandOpenConnectionsDoNotDelayOtherRequests) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  constexpr rlim_t kBothSides = 21'000;  // both ends of each are in this process
  const rlimit high{std::max(limit.rlim_cur, kBothSides), std::max(limit.rlim_max, kBothSides)};
  const rlimit hard{limit.rlim_max, limit.rlim_max};
  const bool raised = ::setrlimit(RLIMIT_NOFILE, &high) == 0;  // beyond the hard limit only root may
  ASSERT_TRUE(raised || ::setrlimit(RLIMIT_NOFILE, &hard) == 0);
  const size_t count = std::min<size_t>(10'000, ((raised ? high : hard).rlim_cur - 200) / 2);
  WebOptions options = Options();
  options.max_connections = count + 16;
  options.request_timeout = std::chrono::seconds(60);
  Open(options);
  // The median and the maximum of 50 checks.
  const auto ask = [this] {
    std::vector<std::chrono::steady_clock::duration> took;
    for (int i = 0; i < 50; ++i) {
      const auto begun = std::chrono::steady_clock::now();
      EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 200 "));
      took.push_back(std::chrono::steady_clock::now() - begun);
    }
    std::sort(took.begin(), took.end());
    return std::pair(took[took.size() / 2], took.back());
  };
  const auto unloaded = ask();
  std::vector<std::unique_ptr<Client>> all;
  for (size_t i = 0; i < count; ++i) {
    all.push_back(std::make_unique<Client>(server_->http().front()));
    ASSERT_TRUE(all.back()->Ok()) << i;
    ASSERT_TRUE(all.back()->Send("GET /readyz HTTP/1.1\r\n"));
  }
  const auto loaded = ask();
  EXPECT_EQ(Metric(evicted_), "0");
  EXPECT_EQ(Metric("candor_web_connections_open{port=\"http\"}"), std::to_string(count + 1));
  EXPECT_TRUE(all.front()->Send("\r\n"));
  EXPECT_THAT(all.front()->ReadAnswer(), StartsWith("HTTP/1.1 200 ")) << "the first one is still open";
  // A server that visited each of them would take a hundred times as long.
  EXPECT_LT(loaded.first, 10 * unloaded.first);
  using Millis = std::chrono::duration<double, std::milli>;
  printf("%zu connections held; 50 checks took %.2f ms, the slowest %.2f; without them %.2f and %.2f\n",
         count, Millis(loaded.first).count(), Millis(loaded.second).count(), Millis(unloaded.first).count(),
         Millis(unloaded.second).count());
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

TEST_F(Abuse, WithoutFileDescriptorsTheOldestIsEvicted) {
  std::vector<std::unique_ptr<Client>> open_ones;
  for (int i = 0; i < 15; ++i) open_ones.push_back(std::make_unique<Client>(server_->http().front()));
  const std::string open = "candor_web_connections_open{port=\"http\"}";
  ASSERT_EQ(Await(open, "16"), "16") << "all of them are accepted";
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit tight{static_cast<rlim_t>(UniqueFd(::dup(0)).get()) + 10, limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  std::vector<UniqueFd> rest;
  while (rest.empty() || rest.back()) rest.emplace_back(::dup(0));
  rest.resize(rest.size() - 2);  // one for the next client's own side, none for the server's
  const std::string answer = Get("/readyz");
  rest.clear();
  ::setrlimit(RLIMIT_NOFILE, &limit);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_NE(Metric("candor_web_accept_failures_total{port=\"http\"}"), "0");
  EXPECT_TRUE(open_ones.front()->IsClosed()) << "the oldest one";
  EXPECT_GE(std::stoi(Metric(open)), 13) << "and few others";
}

}  // namespace
}  // namespace candor::web
