// SPDX-License-Identifier: Apache-2.0
//
// Drops because the UDP memory limit (net.ipv4.udp_mem) is reached. The limit is that of the machine, so this
// runs only in a guest of tests/kernels. Linux 6.12 reports reason and namespace; 6.1 no namespace, which
// must be reported too.
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

TEST(UdpMemory, DropsForWantOfItAreCountedWithTheirReasonOrAsUnattributed) {
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
    const uint64_t with_reason = now.sums[CANDOR_IN][CANDOR_DROP_UDP_MEMORY];
    std::cout << lost << " lost; in udp_memory " << with_reason << "; unattributed " << now.unattributed
              << "\n";
    const bool unreported = loaded.unreported == std::vector<std::string>{"udp_memory"};
    const uint64_t counted = unreported ? now.unattributed : with_reason,
                   other = unreported ? with_reason : now.unattributed;
    return lost > 100 && counted == static_cast<uint64_t>(lost) && other == 0 ? 0 : 1;
  });
  EXPECT_EQ(Await(child), 0);
}

}  // namespace
}  // namespace candor::losses
