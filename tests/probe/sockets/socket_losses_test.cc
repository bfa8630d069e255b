// SPDX-License-Identifier: Apache-2.0
//
// Real losses: a process in its own cgroup and network namespace overflows a receive buffer and fails to
// send, over IPv4 and IPv6; a reader without rights counts the same datagrams.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/unique_fd.h"
#include "probe/sockets/socket_reader.h"
#include "tests/bpf/netns_process.h"
#include "tests/bpf/test_cgroup.h"

namespace candor {
namespace {

struct Losses {  // as the process counts them
  uint64_t received = 0, dropped = 0, sent = 0, unsent = 0;
};

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Address Loopback(int family) {
  Address a;
  if (family == AF_INET) {
    auto* in = reinterpret_cast<sockaddr_in*>(&a.storage);
    *in = {
        .sin_family = AF_INET, .sin_port = htons(5004), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    a.length = sizeof *in;
  } else {
    auto* in = reinterpret_cast<sockaddr_in6*>(&a.storage);
    in->sin6_family = AF_INET6;
    in->sin6_port = htons(5004);
    in->sin6_addr = in6addr_loopback;
    a.length = sizeof *in;
  }
  return a;
}

// Sends more than the receiver's buffer takes and reads only what is there in the end.
void Overflow(int family, Losses* losses) {
  const Address to = Loopback(family);
  const UniqueFd receiver(::socket(family, SOCK_DGRAM, 0)), sender(::socket(family, SOCK_DGRAM, 0));
  const int tiny = 4096;
  ::setsockopt(receiver.get(), SOL_SOCKET, SO_RCVBUF, &tiny, sizeof tiny);
  if (::bind(receiver.get(), to.get(), to.length) != 0) ::_exit(101);
  const std::array<char, 1000> packet{};
  uint64_t sent = 0;
  for (int i = 0; i < 200; ++i) {
    sent += ::sendto(sender.get(), packet.data(), packet.size(), 0, to.get(), to.length) > 0 ? 1 : 0;
  }
  // On a busy machine ksoftirqd delivers what is sent, a little later.
  std::array<char, 2000> into{};
  uint64_t received = 0;
  for (int silent = 0; silent < 2; ++silent) {
    for (; ::recv(receiver.get(), into.data(), into.size(), MSG_DONTWAIT) > 0; silent = 0) ++received;
    ::usleep(20'000);
  }
  losses->sent += sent;
  losses->received += received;
  losses->dropped += sent - received;
}

// A datagram of many packets does not fit in the smallest send buffer.
void FailToSend(int family, Losses* losses) {
  const Address to = Loopback(family);
  const UniqueFd sender(::socket(family, SOCK_DGRAM, 0));
  const int tiny = 1;
  ::setsockopt(sender.get(), SOL_SOCKET, SO_SNDBUF, &tiny, sizeof tiny);
  const std::array<char, 60000> large{};
  for (int i = 0; i < 30; ++i) {
    const bool failed = ::sendto(sender.get(), large.data(), large.size(), 0, to.get(), to.length) < 0;
    if (failed && errno != ENOBUFS) ::_exit(102);
    failed ? ++losses->unsent : ++losses->sent;
  }
}

// A process that waits for a command, loses datagrams and reports them.
class Loser {
 public:
  explicit Loser(const TestCgroup& group) : process_(group, &Serve) {
    Receive();
  }  // it is where it should be
  Losses Lose(char word) {
    if (::write(process_.socket().get(), &word, 1) != 1) ADD_FAILURE() << "it has ended";
    return Receive();
  }

 private:
  static int Serve(const UniqueFd& socket) {
    Report(socket, {});
    char word = 0;
    while (::read(socket.get(), &word, 1) == 1) {
      Losses losses;
      for (const int family : {AF_INET, AF_INET6}) {
        if (word == 'r') Overflow(family, &losses);
        if (word == 's') FailToSend(family, &losses);
      }
      Report(socket, losses);
    }
    return 0;
  }
  static void Report(const UniqueFd& fd, const Losses& l) {
    if (::write(fd.get(), &l, sizeof l) != sizeof l) ::_exit(105);
  }
  Losses Receive() {
    Losses l;
    EXPECT_EQ(::read(process_.socket().get(), &l, sizeof l), static_cast<ssize_t>(sizeof l))
        << "it has ended";
    return l;
  }
  const NetnsProcess process_;
};

void ExpectCounted(const SocketCounts& before, const SocketCounts& now, const Losses& lost) {
  EXPECT_EQ(now.received - before.received, lost.received);
  EXPECT_EQ(now.dropped_full - before.dropped_full, lost.dropped);
  EXPECT_EQ(now.dropped_memory, 0u);
  EXPECT_EQ(now.sent - before.sent, lost.sent);
  EXPECT_EQ(now.unsent_full - before.unsent_full, lost.unsent);
  EXPECT_EQ(now.unsent_refused, 0u);
}

TEST(SocketLosses, EveryDatagramThatWasDroppedOrCouldNotBeSentIsCounted) {
  TestCgroup group("losses");
  {
    Loser loser(group);
    SocketReader reader("/proc", &MonotonicNow);
    reader.Read(group.path());
    ASSERT_EQ(reader.evidence().unavailable, "");
    ASSERT_EQ(reader.evidence().namespaces, 1u);
    for (const char word : {'r', 's', 'r'}) {
      const SocketCounts before = reader.evidence().counts;
      const Losses lost = loser.Lose(word);
      reader.Read(group.path());
      ExpectCounted(before, reader.evidence().counts, lost);
      EXPECT_GT(word == 'r' ? lost.dropped : lost.unsent, 10u) << "nothing was lost: " << word;
    }
  }
}

TEST(SocketLosses, AReaderWithoutRightsSeesThemToo) {
  TestCgroup group("losses-of-others");
  Loser loser(group);
  const pid_t unprivileged = Fork([&] {
    if (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0) return 1;
    SocketReader reader("/proc", &MonotonicNow);
    reader.Read(group.path());
    const Losses lost = loser.Lose('r');
    reader.Read(group.path());
    const bool all = reader.evidence().unavailable.empty() && lost.dropped > 0 &&
                     reader.evidence().counts.dropped_full == lost.dropped &&
                     reader.NamespaceInodes().size() == 1;
    return all ? 0 : 2;
  });
  EXPECT_EQ(Await(unprivileged), 0);
}

TEST(SocketLosses, NamespacesAreDistinguishedAndAddedUp) {
  TestCgroup group("losses-of-two");
  Loser one(group), other(group);
  SocketReader reader("/proc", &MonotonicNow);
  reader.Read(group.path());
  EXPECT_EQ(reader.evidence().namespaces, 2u);
  const uint64_t lost = one.Lose('r').dropped + other.Lose('r').dropped;
  reader.Read(group.path());
  EXPECT_EQ(reader.evidence().counts.dropped_full, lost);
}

}  // namespace
}  // namespace candor
