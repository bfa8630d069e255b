// SPDX-License-Identifier: Apache-2.0
//
// Losses that need a second host: a process in another network namespace, connected by a veth pair.
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <functional>
#include <thread>

#include "loss_tools.h"
#include "losses.h"
#include "tests/bpf/test_cgroup.h"

namespace candor::losses {
namespace {

bool Write(const std::string& file, const char* text) { return (std::ofstream(file) << text).flush().good(); }

// The peer at 10.78.0.2 runs `body` once it is connected to the node at 10.78.0.1; returns body's result, or
// -1.
int64_t WithPeer(const std::function<int()>& body) {
  std::array<int, 2> apart{}, wired{};
  if (::pipe(apart.data()) != 0 || ::pipe(wired.data()) != 0) return -1;
  char word = 0;
  const pid_t peer = Fork([&] {
    ::close(wired[1]);
    const bool there =
        ::unshare(CLONE_NEWNET) == 0 && ::write(apart[1], "a", 1) == 1 && ::read(wired[0], &word, 1) == 1 &&
        Run("/usr/sbin/ip address add 10.78.0.2/24 dev drops1") && Run("/usr/sbin/ip link set drops1 up") &&
        Run("/usr/sbin/ip link set lo up") && Run("/usr/sbin/ip route add default via 10.78.0.1");
    return there ? body() : 255;
  });
  ::close(apart[1]);
  const bool up =
      ::read(apart[0], &word, 1) == 1 &&
      Run(fmt::format("/usr/sbin/ip link add drops0 type veth peer name drops1 netns {}", peer)) &&
      Run("/usr/sbin/ip address add 10.78.0.1/24 dev drops0") && Run("/usr/sbin/ip link set drops0 up") &&
      Run("/usr/sbin/ip route add 10.88.0.0/24 dev drops0") &&
      Write("/proc/sys/net/ipv4/conf/all/rp_filter", "0") &&
      Write("/proc/sys/net/ipv4/conf/drops0/rp_filter", "1");
  if (up && ::write(wired[1], "w", 1) != 1) return -1;
  for (const int fd : {apart[0], wired[0], wired[1]}) ::close(fd);
  const int answer = Await(peer);
  Run("/usr/sbin/ip link del drops0 2>/dev/null");  // it may have ended with the peer
  return up && answer != 255 ? answer : -1;
}

int SendFrom(const char* from, const char* to, uint16_t port) {
  const UniqueFd fd = Bound(AF_INET, 0, from);
  const int sent = fd ? static_cast<int>(Send(fd, At(AF_INET, to, port))) : 255;
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // the veth pair ends with the peer
  return sent;
}

}  // namespace

int64_t SpoofedSource(int) {
  return WithPeer([] {
    if (!Run("/usr/sbin/ip address add 10.99.0.1/32 dev lo")) return 255;
    // ARP requests for an impossible sender get no answer.
    if (SendFrom("10.78.0.2", "10.78.0.1", kOutside) != kSends) return 255;
    return SendFrom("10.99.0.1", "10.78.0.1", 7010);
  });
}

int64_t UnknownAddress(int) {
  return WithPeer([] { return SendFrom("10.78.0.2", "10.91.0.9", 7014); });
}

int64_t ForwardedAndRefused(int) {
  const Firewall firewall("forward", "udp dport 7011");
  if (!firewall.stands() || !Write("/proc/sys/net/ipv4/ip_forward", "1")) return -1;
  const int64_t sent = WithPeer([] { return SendFrom("10.78.0.2", "10.88.0.9", 7011); });
  return firewall.Dropped(sent) ? sent : -1;
}

}  // namespace candor::losses
