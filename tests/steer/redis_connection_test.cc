// SPDX-License-Identifier: Apache-2.0
#include "steer/redis_connection.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>
#include <functional>
#include <thread>

namespace candor::steer {
namespace {

using std::chrono::milliseconds;

// A server that says what the test tells it to, whatever it is asked.
class Scripted {
 public:
  explicit Scripted(std::function<void(int)> serve) {
    std::string name = "/tmp/candor-resp-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    (folder_ + "/s").copy(at.sun_path, sizeof at.sun_path - 1);
    listener_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(listener_.get(), 4), 0);
    thread_ = std::jthread([this, serve = std::move(serve)] {
      const UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
      serve(client.get());
    });
  }
  ~Scripted() {
    thread_ = {};
    std::filesystem::remove_all(folder_);
  }
  std::string address() const { return "unix:" + folder_ + "/s"; }

 private:
  std::string folder_;
  UniqueFd listener_;
  std::jthread thread_;
};

void Say(int fd, std::string_view text) { EXPECT_GT(::send(fd, text.data(), text.size(), MSG_NOSIGNAL), 0); }
void AwaitEnd(int fd) {
  char buffer[256];
  while (::recv(fd, buffer, sizeof buffer, 0) > 0) {
  }
}

Result<Reply> Ask(const Scripted& server, Duration within = std::chrono::seconds(2)) {
  const Time deadline = MonotonicNow() + within;
  auto made = RedisConnection::Open(server.address(), nullptr, "", deadline);
  if (!made) return tl::make_unexpected(made.error());
  return (*made)->Call({"PING"}, deadline);
}

TEST(RedisConnection, ReadsAnswersInPieces) {
  const Scripted server([](int fd) {
    for (const char* piece : {"*3\r\n$3", "\r\na\0b", ":7\r\n$-1\r\n"}) {
      Say(fd, piece[0] == '\r' ? std::string_view("\r\na\0b\r\n", 7) : std::string_view(piece));
      std::this_thread::sleep_for(milliseconds(20));
    }
    AwaitEnd(fd);
  });
  const auto reply = Ask(server);
  ASSERT_TRUE(reply) << reply.error().message;
  ASSERT_EQ(reply->items.size(), 3u);
  EXPECT_EQ(reply->items[0].text, std::string("a\0b", 3));
  EXPECT_EQ(reply->items[1].integer, 7);
  EXPECT_TRUE(reply->items[2].is(Reply::Kind::kNil));
}

TEST(RedisConnection, AnErrorOfRedisIsAnError) {
  const Scripted server([](int fd) { Say(fd, "-NOPERM this user has no permissions\r\n"), AwaitEnd(fd); });
  const auto reply = Ask(server);
  ASSERT_FALSE(reply);
  EXPECT_NE(reply.error().message.find("refuses PING: NOPERM"), std::string::npos) << reply.error().message;
}

TEST(RedisConnection, ASilentServerIsGivenUpAtTheDeadline) {
  const Scripted server(&AwaitEnd);
  const Time before = MonotonicNow();
  const auto reply = Ask(server, milliseconds(200));
  EXPECT_FALSE(reply);
  EXPECT_LT(MonotonicNow() - before, milliseconds(1500));
  EXPECT_NE(reply.error().message.find("does not answer in time"), std::string::npos);
}

TEST(RedisConnection, AServerThatDripsIsGivenUpToo) {
  const Scripted server([](int fd) {
    Say(fd, "$1000000\r\n");
    while (::send(fd, "x", 1, MSG_NOSIGNAL) == 1) std::this_thread::sleep_for(milliseconds(10));
  });
  const Time before = MonotonicNow();
  EXPECT_FALSE(Ask(server, milliseconds(300)));
  EXPECT_LT(MonotonicNow() - before, milliseconds(1500));
}

TEST(RedisConnection, WhatIsNotRedisIsSaidSo) {
  const Scripted server([](int fd) { Say(fd, "HTTP/1.1 400 Bad Request\r\n\r\n"), AwaitEnd(fd); });
  const auto reply = Ask(server);
  ASSERT_FALSE(reply);
  EXPECT_NE(reply.error().message.find("protocol"), std::string::npos) << reply.error().message;
}

TEST(RedisConnection, AClosedConnectionIsAnError) {
  const Scripted server([](int) {});
  EXPECT_FALSE(Ask(server));
}

TEST(RedisConnection, NobodyThere) {
  const Time deadline = MonotonicNow() + std::chrono::seconds(1);
  EXPECT_FALSE(RedisConnection::Open("unix:/nonexistent/redis.sock", nullptr, "", deadline));
  const auto refused = RedisConnection::Open("127.0.0.1:1", nullptr, "", deadline);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "cannot connect to Redis at 127.0.0.1:1: Connection refused");
}

}  // namespace
}  // namespace candor::steer
