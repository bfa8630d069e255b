// SPDX-License-Identifier: Apache-2.0
#include "netns_process.h"

#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace candor {
namespace {

bool LoopbackUp() {
  const UniqueFd any(::socket(AF_INET, SOCK_DGRAM, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  if (::ioctl(any.get(), SIOCSIFFLAGS, &request) != 0) return false;
  request.ifr_mtu = 1500;  // so that a large datagram is more than one packet
  return ::ioctl(any.get(), SIOCSIFMTU, &request) == 0;
}

}  // namespace

NetnsProcess::NetnsProcess(const TestCgroup& group, const std::function<int(const UniqueFd& socket)>& serve) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()) != 0) ::_exit(103);
  here_ = UniqueFd(ends[0]);
  const UniqueFd there(ends[1]);
  child_ = Fork([&] {
    here_ = UniqueFd();
    group.Enter();
    if (::unshare(CLONE_NEWNET) != 0 || !LoopbackUp()) return 104;
    return serve(there);
  });
}

NetnsProcess::~NetnsProcess() {
  here_ = UniqueFd();
  EXPECT_EQ(Await(child_), 0);
}

}  // namespace candor
