// SPDX-License-Identifier: Apache-2.0
//
// Real drops in a separate network namespace, counted exactly and by reason, and drops that must not be
// counted. Prints the reasons that this kernel reports.
#include "probe/drops/drop_probe.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "drop_case.h"
#include "tests/bpf/drop_capabilities.h"
#include "tests/bpf/exclusive_program.h"

namespace candor {
namespace {

struct Row {
  const char* name;
  Loss loss;
  const char* counted;  // before the number; empty: is not, and must not be
  bool v6 = true;       // over both families; else over IPv4
};
constexpr Row kRows[] = {
    {"receive buffer full", losses::OverflowReceiveBuffer, "in receive_buffer"},
    {"firewall, output", losses::FirewallOnTheWayOut, "out netfilter"},
    {"firewall, output, segments of one send", losses::FirewallOnSegments, "out netfilter"},
    {"firewall, input", losses::FirewallOnTheWayIn, "in netfilter"},
    {"closed port", losses::ClosedPort, "in no_socket"},
    {"wrong checksum", losses::WrongChecksum, "in checksum", false},
    {"socket filter", losses::SocketFilter, "in socket_filter"},
    {"queue of the device full", losses::FullQueue, "out qdisc"},
    {"neighbour that does not answer", losses::SilentNeighbour, "out neighbour"},
    {"source address that cannot be", losses::SpoofedSource, "in source", false},
    {"address that is not the node's", losses::UnknownAddress, "in route", false},
    {"forwarded for others, refused", losses::ForwardedAndRefused, "", false},
};
// The kernel frees these without a reason (6.1, 6.12, 6.18).
bool IsUnreported(const Row& row, int family) {
  return row.loss == losses::SilentNeighbour && family == AF_INET6;
}

TEST_F(DropProbe, EveryLostDatagramIsCountedWithItsReason) {
  Node node("drops");
  Watch(node);
  for (const Row& row : kRows) {
    for (const int family : {AF_INET, AF_INET6}) {
      if (family == AF_INET6 && !row.v6) continue;
      const DropReader::Reading before = loaded_->reader->Read();
      const int64_t lost = node.Lose(row.loss, family);
      const bool reported = *row.counted != 0 && !IsUnreported(row, family);
      const std::string all = reported ? row.counted + (" " + std::to_string(lost)) + "; " : "";
      const std::string counted = Since(before, all);
      std::cout << row.name << (family == AF_INET ? ", IPv4: " : ", IPv6: ") << lost << " lost; " << counted
                << "\n";
      EXPECT_GE(lost, 20) << row.name;
      EXPECT_EQ(counted, all) << row.name;
    }
  }
}

TEST_F(DropProbe, AProgramOfTheCgroupThatRefusesIsNamed) {
  Node node("drops-gated");
  Watch(node);
  const ExclusiveProgram gate(node.cgroup(), "gate", 0);
  ASSERT_TRUE(gate.attached());
  for (const int family : {AF_INET, AF_INET6}) {
    const DropReader::Reading before = loaded_->reader->Read();
    EXPECT_EQ(node.Lose(losses::RefusedByCgroup, family), 20);
    EXPECT_EQ(Since(before, "out cgroup_egress 20; "), "out cgroup_egress 20; ");
  }
}

// The reasons that each kernel does not report.
TEST_F(DropProbe, ReasonsThatThisKernelDoesNotReportAreNamed) {
  utsname kernel{};
  ASSERT_EQ(::uname(&kernel), 0);
  std::cout << "Linux " << kernel.release << " does not report:";
  for (const std::string& name : loaded_->unreported) std::cout << " " << name;
  std::cout << (loaded_->unreported.empty() ? " nothing\n" : "\n");
  int major = 0, minor = 0;
  ASSERT_EQ(std::sscanf(kernel.release, "%d.%d", &major, &minor), 2);
  const bool has_socket_argument = major > 6 || (major == 6 && minor >= 11);
  const std::vector<std::string> without = {"udp_memory"};
  EXPECT_EQ(loaded_->unreported, has_socket_argument ? std::vector<std::string>{} : without);
}

TEST_F(DropProbe, WithoutTheCapabilityItIsNamedWithTheSubstitute) {
  const pid_t child = Fork([] {
    DropCapabilities({CAP_PERFMON, CAP_SYS_ADMIN});
    const LoadedDrops loaded = LoadDropProbe({});
    std::cout << loaded.unavailable << "\n";
    if (loaded.reader) return 1;
    const auto names = [&](const char* what) { return loaded.unavailable.find(what) != std::string::npos; };
    return names("lacks CAP_PERFMON: grant it") && names("/proc/net/snmp") ? 0 : 2;
  });
  EXPECT_EQ(Await(child), 0);
}

// It reads mapped memory only, so it works without any right.
TEST_F(DropProbe, AReaderWithoutRightsGoesOn) {
  Node node("drops-unprivileged");
  const pid_t unprivileged = Fork([&] {
    if (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0) return 1;
    Watch(node);
    Lost(0);
    const DropReader::Reading before = loaded_->reader->Read();
    if (node.Lose(losses::ClosedPort, AF_INET) != 20) return 2;
    if (Since(before, "in no_socket 20; ") != "in no_socket 20; ") return 3;
    return Lost(20).size() == 20 ? 0 : 4;
  });
  EXPECT_EQ(Await(unprivileged), 0);
}

TEST_F(DropProbe, OtherPortsAndOtherNamespacesCountNothing) {
  Node node("drops-watched"), other("drops-of-others");
  Watch(node);
  const DropReader::Reading before = loaded_->reader->Read();
  EXPECT_EQ(node.Lose(losses::ClosedPortOutside, AF_INET), 20);
  EXPECT_EQ(other.Lose(losses::ClosedPort, AF_INET), 20);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(Since(before), "");
  Watch(other);
  EXPECT_EQ(other.Lose(losses::ClosedPort, AF_INET), 20);
  EXPECT_EQ(node.Lose(losses::ClosedPort, AF_INET), 20);
  EXPECT_EQ(Since(before, "in no_socket 20; "), "in no_socket 20; ");
}

// The kernel's statistics of the program that was loaded last.
struct Runs {
  uint64_t ns = 0, runs = 0;
};
Runs RunsOfProgram() {
  Runs found;
  for (uint32_t id = 0; bpf_prog_get_next_id(id, &id) == 0;) {
    const UniqueFd fd(bpf_prog_get_fd_by_id(id));
    bpf_prog_info info{};
    uint32_t size = sizeof info;
    if (!fd || bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0) continue;
    if (std::string(info.name) == "candor_on_drop") found = {info.run_time_ns, info.run_cnt};
  }
  return found;
}

TEST_F(DropProbe, TheKernelsOwnCountOfItsCost) {
  Node node("drops-measured");
  Watch(node);
  const UniqueFd stats(bpf_enable_stats(BPF_STATS_RUN_TIME));
  ASSERT_TRUE(stats) << std::strerror(errno);
  const std::pair<const char*, Loss> kinds[] = {{"counted", losses::Flood},
                                                {"outside the ports", losses::FloodOutside},
                                                {"other reasons", losses::PurgedQueues}};
  for (const auto& [name, loss] : kinds) {
    const Runs before = RunsOfProgram();
    EXPECT_EQ(node.Lose(loss, AF_INET), 20000) << name;
    // A closed socket's queue is purged after a grace period of RCU.
    Runs now = RunsOfProgram();
    for (int i = 0; i < 60 && now.runs - before.runs < 10000; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      now = RunsOfProgram();
    }
    ASSERT_GE(now.runs - before.runs, 10000u) << name;
    std::cout << "ns a drop, " << name << ": " << (now.ns - before.ns) / (now.runs - before.runs) << " ("
              << now.runs - before.runs << " drops)\n";
  }
}

}  // namespace
}  // namespace candor
