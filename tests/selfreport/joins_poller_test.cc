// SPDX-License-Identifier: Apache-2.0
#include "selfreport/joins_poller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <vector>

#include "tests/selfreport/livekit_page.h"
#include "tests/selfreport/tiny_http_server.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Collects readings and lets the test wait for a number of them.
class Readings {
 public:
  JoinsPoller::Sink sink() {
    return [this](ReportedJoins r) {
      const std::lock_guard lock(mutex_);
      all_.push_back(std::move(r));
      more_.notify_all();
    };
  }
  std::vector<ReportedJoins> First(size_t count) {
    std::unique_lock lock(mutex_);
    more_.wait_for(lock, 10s, [&] { return all_.size() >= count; });
    return all_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<ReportedJoins> all_;
};

// The first reading of such a page.
ReportedJoins Read(const TinyHttpServer& server, Duration timeout = 5s) {
  Readings readings;
  auto page = MakeJoinsPage(server.url());
  EXPECT_TRUE(page);
  JoinsPoller poller(
      {1h, timeout}, std::move(*page), [] { return Time(7s); }, readings.sink());
  const auto all = readings.First(1);
  return all.empty() ? ReportedJoins{"nothing was read", {}, {}} : all.front();
}

std::string Ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

TEST(JoinsPoller, ReadsThePageAtTheTimeOfTheSource) {
  const TinyHttpServer server(Say(Ok(kLiveKitPage)));
  const ReportedJoins read = Read(server);
  EXPECT_EQ(read.unavailable, "");
  EXPECT_EQ(read.begun, 123u);
  EXPECT_EQ(read.at, Time(7s));
}

TEST(JoinsPoller, SaysWhyThereIsNoReading) {
  const TinyHttpServer other(Say(Ok("go_goroutines 7\n")));
  EXPECT_THAT(Read(other).unavailable, HasSubstr("not LiveKit's"));
  const TinyHttpServer none(Say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_EQ(Read(none).unavailable, "the page of metrics answers HTTP 404");
  EXPECT_EQ(Read(none).at, Time(7s));
  const TinyHttpServer silent([](TinyHttpServer& s, int fd, const std::string&) { s.Hang(fd); });
  EXPECT_THAT(Read(silent, 100ms).unavailable, HasSubstr("cannot be read"));
}

TEST(JoinsPoller, HalfAPageIsNoPage) {
  const TinyHttpServer cut([](TinyHttpServer& s, int fd, const std::string&) {
    TinyHttpServer::Send(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + std::string(kLiveKitPage));
    s.Hang(fd);
  });
  EXPECT_THAT(Read(cut, 200ms).unavailable, HasSubstr("cannot be read"));
}

TEST(JoinsPoller, APageThatIsTooLargeIsNotRead) {
  const TinyHttpServer large([](TinyHttpServer& s, int fd, const std::string&) {
    TinyHttpServer::Send(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
    const std::string block(64 * 1024, '#');
    while (!s.stopping() && TinyHttpServer::Send(fd, block)) {
    }
  });
  EXPECT_EQ(Read(large).unavailable, "the page of metrics has more than 4 MiB");
}

TEST(JoinsPoller, ReadsAgainAndAgainUntilItIsStopped) {
  const TinyHttpServer server(Say(Ok(kLiveKitPage)));
  Readings readings;
  JoinsPoller poller({10ms, 5s}, std::move(*MakeJoinsPage(server.url())), &MonotonicNow, readings.sink());
  const auto all = readings.First(3);
  ASSERT_GE(all.size(), 3u);
  EXPECT_LT(all[0].at, all[1].at);
  poller.Stop();
  const size_t read = readings.First(0).size();
  poller.Stop();
  EXPECT_EQ(readings.First(0).size(), read);
}

TEST(JoinsPoller, WithoutAUrlNothingIsRead) {
  auto page = MakeJoinsPage("");
  ASSERT_TRUE(page);
  EXPECT_EQ(*page, nullptr);
  Readings readings;
  JoinsPoller poller({}, std::move(*page), &MonotonicNow, readings.sink());
  poller.Stop();
  EXPECT_TRUE(readings.First(0).empty());
}

}  // namespace
}  // namespace candor
