// SPDX-License-Identifier: Apache-2.0
#include "net/peer_credentials.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace candor {
namespace {

TEST(PeerCredentials, AreThoseOfTheConnectingProcess) {
  int fds[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  const UniqueFd one(fds[0]), other(fds[1]);
  const auto credentials = ReadPeerCredentials(one.get());
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->pid, ::getpid());
  EXPECT_EQ(credentials->uid, ::getuid());
  EXPECT_EQ(credentials->gid, ::getgid());
}

TEST(PeerCredentials, AnInvalidDescriptorIsAnError) { EXPECT_FALSE(ReadPeerCredentials(-1)); }

TEST(PeerCredentials, AUserWithoutANameIsUnknown) {
  EXPECT_EQ((PeerCredentials{7, 4'000'000'000, 0}.Text()), "unknown user (uid 4000000000, pid 7)");
}

TEST(PeerCredentials, UnixPeersAreRecognisedInBothFormsOfGrpc) {
  EXPECT_TRUE(IsUnixPeer("unix:"));
  EXPECT_TRUE(IsUnixPeer("fd:17"));
  EXPECT_FALSE(IsUnixPeer("ipv4:127.0.0.1:4711"));
}

TEST(PeerCredentials, LoopbackPeersAreRecognisedInEveryFormOfGrpc) {
  for (const char* peer :
       {"ipv4:127.0.0.1:4711", "ipv4:127.9.9.9:1", "ipv6:[::1]:4711", "ipv6:%5B::1%5D:4711"}) {
    EXPECT_TRUE(IsLoopbackPeer(peer)) << peer;
  }
  for (const char* peer :
       {"ipv4:128.0.0.1:4711", "ipv6:[2001:db8::1]:4711", "ipv6:[::1", "unix:", "fd:17", ""}) {
    EXPECT_FALSE(IsLoopbackPeer(peer)) << peer;
  }
}

}  // namespace
}  // namespace candor
