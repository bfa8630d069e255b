// SPDX-License-Identifier: Apache-2.0
#include "net/listener.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/web/client.h"

namespace candor {
namespace {

using testing::HasSubstr;
using web::Client;

std::string SocketPath() {
  return testing::TempDir() + "candor_listener_" + std::to_string(::getpid()) + ".sock";
}

std::vector<Listener> ListenOrFail(const std::string& text) {
  auto listeners = Listen(text, 0640);
  EXPECT_TRUE(listeners) << listeners.error().message;
  return listeners ? std::move(*listeners) : std::vector<Listener>{};
}

TEST(Listener, PortZeroBecomesThePortThatWasOpened) {
  const auto listeners = ListenOrFail("127.0.0.1:0");
  ASSERT_EQ(listeners.size(), 1u);
  EXPECT_THAT(listeners[0].text, testing::MatchesRegex("127.0.0.1:[1-9][0-9]+"));
  EXPECT_FALSE(listeners[0].is_unix);
  EXPECT_TRUE(Client(listeners[0].text).Ok());
}

TEST(Listener, AUnixSocketHasItsModeUntilItsFileIsRemovedWithIt) {
  const std::string path = SocketPath();
  {
    const auto listeners = ListenOrFail("unix:" + path);
    ASSERT_EQ(listeners.size(), 1u);
    EXPECT_TRUE(listeners[0].is_unix);
    struct stat st {};
    ASSERT_EQ(::stat(path.c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 0777, 0640u);
    EXPECT_TRUE(Client("unix:" + path).Ok());
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Listener, AnotherProcesssSocketOfTheSamePathIsNotRemoved) {
  const std::string path = SocketPath();
  auto first = ListenOrFail("unix:" + path);
  const auto second = ListenOn(*ListenAddress::Parse("unix:" + path), 0640, false);
  ASSERT_TRUE(second);
  first.clear();
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_TRUE(Client("unix:" + path).Ok());
}

TEST(Listener, ATakenAddressIsRefusedWithTheRemedy) {
  const auto listeners = ListenOrFail("127.0.0.1:0");
  const auto second = Listen(listeners.at(0).text, 0640);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another process listens there already"));
}

TEST(Listener, ASharedPortMayBeOpenedTwice) {
  const auto first = ListenOn(*ListenAddress::Parse("127.0.0.1:0"), 0640, true);
  ASSERT_TRUE(first);
  EXPECT_TRUE(ListenOn(*ListenAddress::Parse(first->at(0).text), 0640, true));
  EXPECT_FALSE(ListenOn(*ListenAddress::Parse(first->at(0).text), 0640, false));
}

}  // namespace
}  // namespace candor
