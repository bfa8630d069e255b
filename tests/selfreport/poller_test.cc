// SPDX-License-Identifier: Apache-2.0
#include "selfreport/poller.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <vector>

#include "selfreport/http_health_client.h"
#include "tests/selfreport/tiny_http_server.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

SelfReportOptions OptionsFor(const std::string& url, Duration interval = 20ms, Duration timeout = 30s) {
  SelfReportOptions o;
  o.kind = SelfReportOptions::Kind::kHttp;
  o.target = url;
  o.interval = interval;
  o.timeout = timeout;
  return o;
}

std::unique_ptr<HealthClient> HttpFor(const std::string& url) {
  auto client = MakeHttpHealthClient(url);
  return client ? std::move(*client) : nullptr;
}

// Collects reports and lets the test wait for a number of them.
class Reports {
 public:
  Poller::Sink sink() {
    return [this](const SelfReport& r) {
      const std::lock_guard lock(mutex_);
      all_.push_back(r);
      more_.notify_all();
    };
  }
  std::vector<SelfReport> First(size_t count) {
    std::unique_lock lock(mutex_);
    more_.wait_for(lock, 10s, [&] { return all_.size() >= count; });
    return all_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<SelfReport> all_;
};

constexpr const char* kOkResponse = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
constexpr const char* kFailing = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";

TEST(Poller, WithoutAClientIsNotConfiguredAndSendsNothing) {
  Reports reports;
  Poller poller(SelfReportOptions{}, nullptr, reports.sink());
  EXPECT_EQ(poller.Latest().answer, SelfAnswer::kNotConfigured);
  EXPECT_TRUE(poller.Latest().serving());
  poller.Stop();
  EXPECT_TRUE(reports.First(0).empty());
}

TEST(Poller, IsPendingUntilTheFirstAnswer) {
  TinyHttpServer node([](TinyHttpServer& s, int fd, const std::string&) { s.Hang(fd); });
  const Poller poller(OptionsFor(node.url()), HttpFor(node.url()), nullptr);
  const SelfReport first = poller.Latest();
  EXPECT_EQ(first.answer, SelfAnswer::kPending);
  EXPECT_FALSE(first.serving());
  EXPECT_EQ(first.target, node.url());
  EXPECT_EQ(first.checked_at.time_since_epoch().count(), 0);
}

TEST(Poller, DeliversEveryReportInOrderAndKeepsTheNewest) {
  std::atomic<int> requests{0};
  TinyHttpServer node([&](TinyHttpServer&, int fd, const std::string&) {
    TinyHttpServer::Send(fd, ++requests == 2 ? kFailing : kOkResponse);
  });
  Reports reports;
  const auto before = std::chrono::system_clock::now();
  Poller poller(OptionsFor(node.url()), HttpFor(node.url()), reports.sink());
  const auto all = reports.First(3);
  ASSERT_GE(all.size(), 3u);
  EXPECT_EQ(all[0].answer, SelfAnswer::kOk);
  EXPECT_EQ(all[1].answer, SelfAnswer::kDown);
  EXPECT_EQ(all[1].detail, "HTTP 503");
  EXPECT_EQ(all[2].answer, SelfAnswer::kOk);
  EXPECT_EQ(all[0].target, node.url());
  EXPECT_GE(all[0].checked_at, before);
  EXPECT_LT(all[0].checked_at, all[1].checked_at);
  poller.Stop();
  EXPECT_EQ(poller.Latest().answer, SelfAnswer::kOk);
}

TEST(Poller, PollsOncePerInterval) {
  TinyHttpServer node(Say(kOkResponse));
  Reports reports;
  const auto before = std::chrono::steady_clock::now();
  Poller poller(OptionsFor(node.url(), 100ms), HttpFor(node.url()), reports.sink());
  reports.First(4);
  poller.Stop();
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_GE(took, 300ms);  // the first at once, three intervals
  EXPECT_LE(node.requests(), 1 + took / 100ms);
}

TEST(Poller, StopsPromptlyDuringACheckAndDropsItsResult) {
  TinyHttpServer node([](TinyHttpServer& s, int fd, const std::string&) { s.Hang(fd); });
  Reports reports;
  Poller poller(OptionsFor(node.url()), HttpFor(node.url()), reports.sink());
  while (node.requests() == 0) std::this_thread::sleep_for(1ms);
  const auto before = std::chrono::steady_clock::now();
  poller.Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 500ms);
  EXPECT_TRUE(reports.First(0).empty());
  EXPECT_EQ(poller.Latest().answer, SelfAnswer::kPending);
}

TEST(Poller, StopsPromptlyBetweenQuestionsAndMayBeStoppedTwice) {
  TinyHttpServer node(Say(kOkResponse));
  Reports reports;
  Poller poller(OptionsFor(node.url(), 1h), HttpFor(node.url()), reports.sink());
  ASSERT_EQ(reports.First(1).size(), 1u);
  const auto before = std::chrono::steady_clock::now();
  poller.Stop();
  poller.Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 500ms);
}

}  // namespace
}  // namespace candor
