// SPDX-License-Identifier: Apache-2.0
#include "probe/sockets/udp_sockets.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/unique_fd.h"

namespace candor {
namespace {

struct Open {
  UniqueFd fd;
  uint16_t port;
  uint32_t inode;
};

Open OpenOn(const char* address) {
  Open o{UniqueFd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), 0, 0};
  sockaddr_in a{};
  a.sin_family = AF_INET;
  ::inet_pton(AF_INET, address, &a.sin_addr);
  EXPECT_EQ(::bind(o.fd.get(), reinterpret_cast<sockaddr*>(&a), sizeof a), 0);
  socklen_t size = sizeof a;
  ::getsockname(o.fd.get(), reinterpret_cast<sockaddr*>(&a), &size);
  struct stat about {};
  ::fstat(o.fd.get(), &about);
  o.port = ntohs(a.sin_port);
  o.inode = static_cast<uint32_t>(about.st_ino);
  return o;
}

UdpSocket Find(const std::vector<UdpSocket>& all, uint16_t port) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const UdpSocket& s) { return s.port == port; });
  return it == all.end() ? UdpSocket{} : *it;
}

TEST(ReadUdpSockets, ListsEverySocketOfTheNamespaceWithItsCgroup) {
  const Open any = OpenOn("0.0.0.0"), loop = OpenOn("127.0.0.1");
  const auto all = ReadUdpSockets(65536);
  ASSERT_TRUE(all.has_value()) << all.error().message;
  const UdpSocket found = Find(*all, any.port);
  EXPECT_EQ(found.inode, any.inode);
  EXPECT_EQ(found.uid, ::getuid());
  EXPECT_NE(found.cgroup, 0u);
  EXPECT_FALSE(found.loopback);
  EXPECT_TRUE(Find(*all, loop.port).loopback);
}

TEST(ReadUdpSockets, ALongListComesInSeveralDatagrams) {
  std::vector<Open> sockets;
  for (int i = 0; i < 400; ++i) sockets.push_back(OpenOn("127.0.0.1"));
  const auto all = ReadUdpSockets(65536);
  ASSERT_TRUE(all.has_value()) << all.error().message;
  for (const Open& o : sockets) EXPECT_EQ(Find(*all, o.port).inode, o.inode);
}

TEST(ReadUdpSockets, TooManyAreAnErrorAndNotAPartOfThem) {
  const Open one = OpenOn("127.0.0.1"), two = OpenOn("127.0.0.1");
  EXPECT_FALSE(ReadUdpSockets(1).has_value());
}

TEST(ParseUdpSockets, AnAnswerThatIsCutIsAnError) {
  std::vector<UdpSocket> out;
  EXPECT_FALSE(ParseUdpSockets(std::string_view("\x40\0\0\0\x14\0\0\0", 8), &out).has_value());
  EXPECT_FALSE(ParseUdpSockets(std::string(16, '\0'), &out).has_value()) << "a length of 0";
  EXPECT_TRUE(ParseUdpSockets("", &out).value());
  EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace candor
