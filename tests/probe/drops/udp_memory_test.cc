// SPDX-License-Identifier: Apache-2.0
//
// All memory for UDP used up (net.ipv4.udp_mem), which is the whole machine's: only for a machine of its own,
// a guest of tests/kernels. Linux 6.12 names the reason; 6.1 does not tell the namespace, which must be said
// too.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <fstream>
#include <string>

#include "loss_tools.h"
#include "losses.h"
#include "probe/drops/drop_probe.h"
#include "probe/sockets/socket_reader.h"
#include "tests/bpf/test_cgroup.h"

namespace candor::losses {
namespace {

// Sends until the memory is used up, and a hundred more; how many did not arrive.
int64_t UseUpMemory(const char* pages) {
  std::ofstream("/proc/sys/net/ipv4/udp_mem") << pages;
  const UniqueFd to = Bound(AF_INET, 7020), from(::socket(AF_INET, SOCK_DGRAM, 0));
  const int room = 64 << 20;
  if (::setsockopt(to.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0) return -1;
  int64_t lost = 0;
  for (int i = 0; i < 40; ++i) lost += Send(from, At(AF_INET, kLoopback, 7020), 100);
  std::array<char, 2000> into{};
  while (::recv(to.get(), into.data(), into.size(), MSG_DONTWAIT) > 0) --lost;
  return lost;
}

TEST(UdpMemory, DropsForWantOfItAreCountedWithTheirReasonOrAsUnplaced) {
  ProbeOptions options;
  options.port_min = kFirstPort;
  options.port_max = kLastPort;
  const LoadedDrops loaded = LoadDropProbe(options);
  ASSERT_TRUE(loaded.reader) << loaded.unavailable;
  const TestCgroup group("udp-memory");
  const pid_t child = Fork([&] {
    group.Enter();
    SocketReader sockets("/proc", &MonotonicNow);
    sockets.Read(group.path());
    loaded.reader->Watch(sockets.NamespaceInodes());
    const int64_t lost = UseUpMemory("16 16 16");
    const DropReader::Reading now = loaded.reader->Read();
    const uint64_t told = now.sums[CANDOR_IN][CANDOR_DROP_UDP_MEMORY];
    std::cout << lost << " lost; in udp_memory " << told << "; unattributed " << now.unattributed << "\n";
    const bool unreported = loaded.unreported == std::vector<std::string>{"udp_memory"};
    const uint64_t counted = unreported ? now.unattributed : told,
                   other = unreported ? told : now.unattributed;
    return lost > 100 && counted == static_cast<uint64_t>(lost) && other == 0 ? 0 : 1;
  });
  EXPECT_EQ(Await(child), 0);
}

}  // namespace
}  // namespace candor::losses
