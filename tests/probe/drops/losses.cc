// SPDX-License-Identifier: Apache-2.0
#include "losses.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "loss_tools.h"
#include "tests/packets/packets.h"

namespace candor::losses {
namespace {

int64_t FirewalledSends(int family, int sends) {
  const Firewall firewall("output", "udp sport 7001");
  const UniqueFd from = Bound(family, 7001);
  return firewall.stands() && from ? Send(from, At(family, kLoopback, 9), sends) : -1;
}

uint16_t Sum(const std::string& bytes) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    uint16_t word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    sum += word;
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

// A datagram to the closed port 7005 whose checksum is off by one.
std::string Damaged() {
  udphdr udp{};
  udp.source = htons(9);
  udp.dest = htons(7005);
  udp.len = htons(sizeof udp + 4);
  std::string datagram(reinterpret_cast<const char*>(&udp), sizeof udp);
  datagram += "abcd";
  const std::array<uint8_t, 12> pseudo = {127, 0, 0, 1, 127, 0, 0, 1, 0, IPPROTO_UDP, 0, sizeof udp + 4};
  const auto right = Sum(std::string(pseudo.begin(), pseudo.end()) + datagram);
  const auto wrong = static_cast<uint16_t>(right ^ 0x100);
  std::memcpy(datagram.data() + offsetof(udphdr, check), &wrong, sizeof wrong);
  return datagram;
}

}  // namespace

int64_t OverflowReceiveBuffer(int family) {
  const UniqueFd to = Bound(family, 7000), from(::socket(family, SOCK_DGRAM, 0));
  const int tiny = 4096;
  ::setsockopt(to.get(), SOL_SOCKET, SO_RCVBUF, &tiny, sizeof tiny);
  int64_t lost = Send(from, At(family, kLoopback, 7000), 200);
  std::array<char, 2000> into{};
  while (::recv(to.get(), into.data(), into.size(), MSG_DONTWAIT) > 0) --lost;
  return lost;
}

int64_t FirewallOnTheWayOut(int family) { return FirewalledSends(family, kSends); }
int64_t Flood(int family) { return FirewalledSends(family, 20000); }

int64_t FloodOutside(int family) {
  const UniqueFd from(::socket(family, SOCK_DGRAM, 0));
  return Send(from, At(family, kLoopback, kOutside), 20000);
}

int64_t PurgedQueues(int family) {
  const UniqueFd from(::socket(family, SOCK_DGRAM, 0));
  int64_t purged = 0;
  for (int i = 0; i < 400; ++i) {
    const UniqueFd to = Bound(family, 7012);
    if (!to) return -1;
    purged += Send(from, At(family, kLoopback, 7012), 50);
  }
  return purged;
}

int64_t FirewallOnTheWayIn(int family) {
  const Firewall firewall("input", "udp dport 7002");
  const UniqueFd to = Bound(family, 7002), from(::socket(family, SOCK_DGRAM, 0));
  return firewall.stands() && to ? Send(from, At(family, kLoopback, 7002)) : -1;
}

int64_t ChecksRefused(int family) {
  const Firewall firewall("input", "udp dport 7013");
  const UniqueFd to = Bound(family, 7013), from(::socket(family, SOCK_DGRAM, 0));
  if (!firewall.stands() || !to) return -1;
  return Send(from, At(family, kLoopback, 7013), kSends, Check("node:peer", 3, true));
}

int64_t CheckAfterMedia(int family) {
  const Firewall firewall("input", "udp dport 7013");
  const UniqueFd to = Bound(family, 7013), from(::socket(family, SOCK_DGRAM, 0));
  if (!firewall.stands() || !to) return -1;
  const int64_t media = Send(from, At(family, kLoopback, 7013), 3000, Rtp(7, 1));
  return media + Send(from, At(family, kLoopback, 7013), kSends, Check("node:peer", 3, true));
}

int64_t RefusedAfterFlood(int family) {
  const Firewall firewall("input", "udp dport 7002");
  const UniqueFd to = Bound(family, 7002), from(::socket(family, SOCK_DGRAM, 0));
  if (!firewall.stands() || !to) return -1;
  Send(from, At(family, kLoopback, 7004), 3000);
  return Send(from, At(family, kLoopback, 7002));
}

int64_t FirewallOnSegments(int family) {
  const Firewall firewall("output", "udp sport 7003");
  const UniqueFd from = Bound(family, 7003);
  const Address to = At(family, kLoopback, 9);
  const int segment = 200;
  if (!firewall.stands() || ::setsockopt(from.get(), SOL_UDP, UDP_SEGMENT, &segment, sizeof segment) != 0)
    return -1;
  return 5 * Send(from, to);
}

int64_t ClosedPort(int family) {
  const UniqueFd from(::socket(family, SOCK_DGRAM, 0));
  return Send(from, At(family, kLoopback, 7004));
}

int64_t ClosedPortOutside(int family) {
  const UniqueFd from(::socket(family, SOCK_DGRAM, 0));
  return Send(from, At(family, kLoopback, kOutside));
}

int64_t WrongChecksum(int) {
  const UniqueFd raw(::socket(AF_INET, SOCK_RAW, IPPROTO_UDP));
  const Address to = At(AF_INET, kLoopback, 0);
  const std::string datagram = Damaged();
  int64_t sent = 0;
  for (int i = 0; i < kSends; ++i) {
    sent += ::sendto(raw.get(), datagram.data(), datagram.size(), 0, to.get(), to.length) > 0 ? 1 : 0;
  }
  return sent;
}

int64_t SocketFilter(int family) {
  const UniqueFd to = Bound(family, 7006), from(::socket(family, SOCK_DGRAM, 0));
  sock_filter refuse[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
  const sock_fprog program{1, refuse};
  if (::setsockopt(to.get(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) return -1;
  return Send(from, At(family, kLoopback, 7006));
}

int64_t FullQueue(int family) {
  const UniqueFd from = Bound(family, 7007);
  if (!Run("/usr/sbin/tc qdisc replace dev lo root blackhole")) return -1;
  const int64_t lost = Send(from, At(family, kLoopback, 9));
  return Run("/usr/sbin/tc qdisc del dev lo root") ? lost : -1;
}

int64_t SilentNeighbour(int family) {
  const std::string node = family == AF_INET ? "10.77.0.1/24" : "fd77::1/64 nodad";
  const bool up = Run("/usr/sbin/ip link add drops0 type veth peer name drops1") &&
                  Run("/usr/sbin/ip link set drops0 up") && Run("/usr/sbin/ip link set drops1 up") &&
                  Run("/usr/sbin/ip address add " + node + " dev drops0");
  const UniqueFd from = Bound(family, 7008, family == AF_INET ? "10.77.0.1" : "fd77::1");
  const int64_t lost =
      up && from ? Send(from, At(family, family == AF_INET ? "10.77.0.99" : "fd77::99", 9)) : -1;
  std::this_thread::sleep_for(std::chrono::seconds(4));  // three questions, a second apart
  return Run("/usr/sbin/ip link del drops0") ? lost : -1;
}

int64_t RefusedByCgroup(int family) {
  const UniqueFd from = Bound(family, 7009);
  return Send(from, At(family, kLoopback, 9));
}

}  // namespace candor::losses
