// SPDX-License-Identifier: Apache-2.0
#include "daemon/systemd/notifier.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>

#include "base/unique_fd.h"

namespace candor::daemon {
namespace {

// Where a systemd would listen; reads when the test does.
class NotifyTest : public testing::Test {
 protected:
  NotifyTest() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, path_.c_str(), path_.size());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  }
  ~NotifyTest() override { ::unlink(path_.c_str()); }
  // Empty: nothing is there.
  std::string Hear() const {
    std::array<char, 64> word{};
    const ssize_t n = ::recv(socket_.get(), word.data(), word.size(), 0);
    return n > 0 ? std::string(word.data(), static_cast<size_t>(n)) : "";
  }

  const std::string path_ = testing::TempDir() + "candor-notify-" + std::to_string(::getpid());
  UniqueFd socket_;
};

TEST_F(NotifyTest, TellsWhatSystemdExpects) {
  const Notifier notifier(path_);
  notifier.Ready();
  notifier.Alive();
  notifier.Stopping();
  EXPECT_EQ(Hear(), "READY=1");
  EXPECT_EQ(Hear(), "WATCHDOG=1");
  EXPECT_EQ(Hear(), "STOPPING=1");
}

TEST_F(NotifyTest, NeverWaitsForASystemdThatDoesNotListen) {
  const Notifier notifier(path_);
  ::alarm(20);  // a call that waits would wait for ever
  constexpr int kMoreThanAnyQueue = 100'000;
  for (int i = 0; i < kMoreThanAnyQueue; ++i) notifier.Alive();
  ::alarm(0);
  int heard = 0;
  while (!Hear().empty()) ++heard;
  EXPECT_GT(heard, 0);
  EXPECT_LT(heard, kMoreThanAnyQueue) << "the queue was never full";
}

TEST_F(NotifyTest, WithoutASocketNobodyIsTold) {
  Notifier("").Ready();
  Notifier(std::string(200, 'x')).Ready();
  EXPECT_EQ(Hear(), "");
}

}  // namespace
}  // namespace candor::daemon
