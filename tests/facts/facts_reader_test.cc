// SPDX-License-Identifier: Apache-2.0
#include "facts/facts_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_machine.h"

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kUdpHeading =
    "  sl  local_address rem_address st tx_queue rx_queue tr tm->when retrnsmt uid\n";

std::string UdpRow(uint16_t port, unsigned send, unsigned receive) {
  char row[160];
  std::snprintf(row, sizeof(row),
                "  1: 00000000:%04X 00000000:0000 07 %08X:%08X 00:00000000 00000000 0 0 99 2 0 3\n", port,
                send, receive);
  return row;
}

class FactsReaderTest : public testing::Test {
 protected:
  FactsReaderTest() {
    request_.cgroups = {machine_.Cgroup("/system.slice/janus.service", "12\n")};
    machine_.Process(12, "janus", 'S', 500);
  }
  LocalFacts Read() {
    now_ += seconds(1);
    return reader_.Read(request_, now_, now_.time_since_epoch());
  }
  void Service(const std::string& file, const std::string& text) {
    machine_.Write("cgroup/system.slice/janus.service/" + file, text);
  }

  FakeMachine machine_;
  FactsRequest request_;
  Time now_{seconds(1000)};
  FactsReader reader_{machine_.proc(), 100};
};

TEST_F(FactsReaderTest, WhatCannotBeReadIsUnknownWithItsReason) {
  const LocalFacts f = Read();
  EXPECT_TRUE(f.read());
  EXPECT_EQ(*f.cgroup, "/system.slice/janus.service");
  EXPECT_EQ(f.processes->processes, 1u);
  EXPECT_THAT(f.throttling.unknown(), HasSubstr("quota"));
  EXPECT_THAT(f.sockets.unknown(), HasSubstr("net/udp"));
  request_.addresses = {*IpAddress::Parse("192.0.2.1")};
  EXPECT_THAT(f.conntrack.unknown(), HasSubstr("not in use"));
  EXPECT_THAT(Read().addresses_gone.unknown(), HasSubstr("fib_trie"));
  request_.cgroups = {4711};
  EXPECT_THAT(Read().cgroup.unknown(), HasSubstr("4711"));
  request_.cgroups = {};
  EXPECT_FALSE(Read().processes.known());
}

TEST_F(FactsReaderTest, TheRootCgroupsProcessesAreNotTheServers) {
  request_.cgroups = {machine_.Cgroup("", "1\n12\n")};
  const LocalFacts f = Read();
  EXPECT_EQ(*f.cgroup, "/");
  EXPECT_THAT(f.processes.unknown(), HasSubstr("root cgroup"));
}

TEST_F(FactsReaderTest, AFrozenCgroupIsNamedAndOneAboveItToo) {
  Service("cgroup.events", "populated 1\nfrozen 0\n");
  EXPECT_EQ(*Read().frozen, "");
  Service("cgroup.events", "populated 1\nfrozen 1\n");
  EXPECT_EQ(*Read().frozen, "/system.slice/janus.service");
}

TEST_F(FactsReaderTest, ThrottlingIsWhatGrewSinceTheReadingBefore) {
  Service("cpu.stat", "nr_periods 100\nnr_throttled 90\nthrottled_usec 5000000\n");
  EXPECT_FALSE(Read().throttling.known());
  Service("cpu.stat", "nr_periods 110\nnr_throttled 98\nthrottled_usec 5700000\n");
  const LocalFacts f = Read();
  ASSERT_TRUE(f.throttling.known());
  EXPECT_EQ(*f.throttling, (Throttling{seconds(1), 10, 8, milliseconds(700)}));
}

TEST_F(FactsReaderTest, PressureIsAShareOfTheTimeBetweenReadings) {
  const std::string zero = "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n";
  Service("cpu.pressure", "some avg10=50.00 avg60=0.00 avg300=0.00 total=1000000\n" + zero);
  EXPECT_DOUBLE_EQ(Read().pressure.cpu->some, 0.5) << "the kernel's own of 10 s";
  Service("cpu.pressure", "some avg10=50.00 avg60=0.00 avg300=0.00 total=1250000\n" + zero);
  EXPECT_DOUBLE_EQ(Read().pressure.cpu->some, 0.25);
}

TEST_F(FactsReaderTest, MemoryEventsCountForAMinute) {
  Service("memory.events", "low 0\nhigh 0\nmax 5\noom 2\noom_kill 2\n");
  EXPECT_EQ(Read().memory->oom_kill, 0u);
  Service("memory.events", "low 0\nhigh 0\nmax 9\noom 3\noom_kill 3\n");
  const LocalFacts f = Read();
  EXPECT_EQ(f.memory->oom_kill, 1u) << "from the first reading on";
  EXPECT_EQ(f.memory->max, 4u);
  now_ += seconds(30);
  Service("memory.events", "low 0\nhigh 0\nmax 9\noom 4\noom_kill 4\n");
  EXPECT_EQ(Read().memory->oom_kill, 2u);
  now_ += seconds(40);
  EXPECT_EQ(Read().memory->oom_kill, 1u) << "the first was seen more than a minute ago";
  now_ += seconds(40);
  EXPECT_EQ(*Read().memory, MemoryEvents{});
}

TEST_F(FactsReaderTest, AKillOfTheMachineCountsWhereAProcessOfTheServerEndedWithIt) {
  machine_.Write("proc/vmstat", "oom_kill 7\n");
  Read();
  Service("cgroup.procs", "");
  EXPECT_EQ(Read().memory->machine_oom_kill, 0u) << "it ended without one";
  machine_.Write("proc/vmstat", "oom_kill 8\n");
  Read();
  Service("cgroup.procs", "12\n");
  EXPECT_EQ(Read().memory->machine_oom_kill, 0u) << "it has begun, and another was killed";
  machine_.Write("proc/vmstat", "oom_kill 9\n");
  EXPECT_EQ(Read().memory->machine_oom_kill, 0u);
  Service("cgroup.procs", "");
  EXPECT_EQ(Read().memory->machine_oom_kill, 1u) << "counted a moment before its process was gone";
}

TEST_F(FactsReaderTest, AServerThatIsKilledWheneverItIsStartedIsKnownByTheSecondKill) {
  machine_.Write("proc/vmstat", "oom_kill 7\n");
  Read();
  Service("cgroup.procs", "");
  Read();
  machine_.Write("proc/vmstat", "oom_kill 8\n");
  EXPECT_EQ(Read().memory->machine_oom_kill, 0u) << "of another, maybe";
  EXPECT_EQ(Read().memory->machine_oom_kill, 0u);
  machine_.Write("proc/vmstat", "oom_kill 9\n");
  EXPECT_EQ(Read().memory->machine_oom_kill, 2u);
  machine_.Write("proc/vmstat", "oom_kill 10\n");
  EXPECT_EQ(Read().memory->machine_oom_kill, 3u);
}

TEST_F(FactsReaderTest, TotalsOfACgroupThatWasNotReadBeforeAreNoRise) {
  machine_.Write("proc/vmstat", "oom_kill 7\n");
  EXPECT_EQ(*Read().memory, MemoryEvents{}) << "the machine's alone are known";
  Service("memory.events", "max 9\noom 3\noom_kill 3\n");
  EXPECT_EQ(Read().memory->oom_kill, 0u);
  Service("memory.events", "max 0\noom 0\noom_kill 0\n");
  EXPECT_EQ(Read().memory->oom_kill, 0u) << "made anew";
  machine_.Write("proc/vmstat", "oom_kill 8\n");
  EXPECT_EQ(Read().memory->machine_oom_kill, 0u) << "another's";
}

TEST_F(FactsReaderTest, TheTablesOfAnotherNamespaceAreNotTheServers) {
  machine_.Write("proc/self/net/udp", kUdpHeading + UdpRow(7882, 0, 0));
  machine_.Write("proc/self/net/fib_trie", "");
  machine_.Write("proc/self/net/route", "");
  request_.shared_ports = request_.ports = {7999};
  request_.addresses = request_.peers = {*IpAddress::Parse("192.0.2.1")};
  machine_.Write("proc/12/net/udp", kUdpHeading + UdpRow(7999, 0, 0));
  EXPECT_TRUE(Read().sockets.known());
  machine_.Cgroup("/system.slice/janus.service", "");
  const LocalFacts f = Read();
  EXPECT_EQ(f.processes->processes, 0u);
  EXPECT_THAT(f.sockets.unknown(), HasSubstr("without a process"));
  EXPECT_FALSE(f.addresses_gone.known());
  EXPECT_FALSE(f.paths.known());
  EXPECT_FALSE(f.conntrack.known());
}

TEST_F(FactsReaderTest, AFamilyWhoseTablesCannotBeReadIsUnknown) {
  machine_.Write("proc/12/net/fib_trie", "Local:\n  |-- 192.0.2.1\n     /32 host LOCAL\n");
  machine_.Write("proc/12/net/route", "Iface\n");
  request_.addresses = {*IpAddress::Parse("192.0.2.1"), *IpAddress::Parse("2001:db8::1")};
  request_.peers = {*IpAddress::Parse("2001:db8::7")};
  LocalFacts f = Read();
  EXPECT_THAT(f.addresses_gone.unknown(), HasSubstr("if_inet6"));
  EXPECT_THAT(f.paths.unknown(), HasSubstr("ipv6_route"));
  request_.addresses.push_back(*IpAddress::Parse("192.0.2.2"));
  request_.peers.push_back(*IpAddress::Parse("192.0.2.7"));
  f = Read();
  EXPECT_THAT(*f.addresses_gone, ElementsAre(*IpAddress::Parse("192.0.2.2")));
  ASSERT_EQ(f.paths->size(), 1u) << "of IPv6 nothing is said";
}

TEST_F(FactsReaderTest, ARestartedServicesProcessesAreCountedOnce) {
  request_.cgroups.push_back(request_.cgroups.front());
  EXPECT_EQ(Read().processes->processes, 1u);
}

TEST_F(FactsReaderTest, InCalmTheProcessesAreWatchedAlone) {
  request_.watch = true;
  machine_.Write("proc/12/net/udp", kUdpHeading);
  Service("cgroup.events", "populated 1\nfrozen 1\n");
  const LocalFacts f = Read();
  EXPECT_TRUE(f.watch);
  EXPECT_EQ(*f.frozen, "/system.slice/janus.service");
  EXPECT_EQ(f.processes->processes, 1u);
  EXPECT_FALSE(f.sockets.known());
}

TEST_F(FactsReaderTest, InCalmTheDescriptorsOfAFewProcessesAreCounted) {
  request_.watch = true;
  machine_.Write("proc/12/limits",
                 "Max open files            4                    1024                 files\n");
  machine_.Write("proc/12/fd/0", "");
  ASSERT_TRUE(Read().descriptors.known()) << Read().descriptors.unknown();
  EXPECT_EQ(Read().descriptors->limit, 4u);
  machine_.Remove("proc/12/fd");
  machine_.Link("proc/12/fd", "/proc/self/task");  // as of Linux before 6.2: its size is 0
  EXPECT_FALSE(Read().descriptors.known()) << "counting 100,000 each second takes too long";
  std::string many = "12\n";
  for (int pid = 20; pid < 30; ++pid) {
    many += std::to_string(pid) + "\n";
    machine_.Write("proc/" + std::to_string(pid) + "/stat",
                   std::to_string(pid) + " (worker) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0 0");
  }
  Service("cgroup.procs", many);
  EXPECT_FALSE(Read().descriptors.known());
  request_.watch = false;
  EXPECT_TRUE(Read().descriptors.known());
}

TEST_F(FactsReaderTest, AQueueThatDoesNotFallIsNotRead) {
  request_.ports = {7882};
  machine_.Write("proc/12/net/udp", kUdpHeading + UdpRow(7882, 0, 4096) + UdpRow(53, 0, 9999));
  LocalFacts f = Read();
  ASSERT_TRUE(f.sockets.known()) << f.sockets.unknown();
  EXPECT_EQ(f.sockets->sockets, 2u);
  ASSERT_EQ(f.sockets->media.size(), 1u);
  EXPECT_EQ(f.sockets->media[0].unread, Duration(0));
  machine_.Write("proc/12/net/udp", kUdpHeading + UdpRow(7882, 0, 8192));
  EXPECT_EQ(Read().sockets->media[0].unread, seconds(1));
  EXPECT_EQ(Read().sockets->media[0].unread, seconds(2));
  machine_.Write("proc/12/net/udp", kUdpHeading + UdpRow(7882, 0, 512));
  EXPECT_EQ(Read().sockets->media[0].unread, Duration(0));
}

TEST_F(FactsReaderTest, APortThatClientsShareIsGoneWhereNoSocketHasIt) {
  request_.ports = {7882, 20000};
  request_.shared_ports = {7882};
  request_.range_min = 20000, request_.range_max = 20009;
  machine_.Write("proc/12/net/udp", kUdpHeading + UdpRow(7882, 0, 0) + UdpRow(20001, 0, 0));
  LocalFacts f = Read();
  EXPECT_THAT(f.sockets->gone, IsEmpty());
  EXPECT_EQ(f.sockets->range_size, 10u);
  EXPECT_EQ(f.sockets->range_bound, 1u);
  machine_.Write("proc/12/net/udp", kUdpHeading);
  machine_.Write("proc/12/net/udp6", "");
  EXPECT_THAT(Read().sockets->gone, ElementsAre(7882)) << "a session's own port closes with it";
}

TEST_F(FactsReaderTest, PortsThatSessionsShareAreNotUsedUpByThem) {
  request_.range_min = 20000, request_.range_max = 20003;
  request_.ports = request_.shared_ports = {20000};
  std::string table = kUdpHeading;
  for (uint16_t port = 20000; port <= 20003; ++port) table += UdpRow(port, 0, 0);
  machine_.Write("proc/12/net/udp", table);
  EXPECT_EQ(Read().sockets->range_size, 0u) << "an SFU with four sockets for all its clients";
  request_.shared_ports = {};
  EXPECT_EQ(Read().sockets->range_bound, 4u) << "a session has a port of its own";
}

TEST_F(FactsReaderTest, OneSharedPortBesideThoseOfSessionsIsLeftOut) {
  request_.range_min = 20000, request_.range_max = 20019;
  request_.ports = request_.shared_ports = {20000};
  std::string table = kUdpHeading;
  for (uint16_t port = 20000; port <= 20019; ++port) table += UdpRow(port, 0, 0);
  machine_.Write("proc/12/net/udp", table);
  const LocalFacts f = Read();
  EXPECT_EQ(f.sockets->range_size, 19u);
  EXPECT_EQ(f.sockets->range_bound, 19u);
}

TEST_F(FactsReaderTest, AnAddressThatTheNodeNoLongerHasIsGone) {
  const std::string trie =
      "Local:\n  |-- 192.0.2.1\n     /32 host LOCAL\n  |-- 192.0.2.255\n     /32 link BROADCAST\n";
  machine_.Write("proc/12/net/fib_trie", trie);
  request_.addresses = {*IpAddress::Parse("192.0.2.1"), *IpAddress::Parse("192.0.2.2")};
  EXPECT_THAT(*Read().addresses_gone, ElementsAre(*IpAddress::Parse("192.0.2.2")));
}

TEST_F(FactsReaderTest, ThePathToAPeerEndsAtAMissingRouteOrADeadNeighbour) {
  machine_.Write("proc/12/net/route",
                 "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n"
                 "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
                 "eth0\t006433C6\tFE0200C0\t0003\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
  machine_.Write("proc/12/net/arp",
                 "IP address       HW type     Flags       HW address            Mask     Device\n"
                 "192.0.2.254      0x1         0x0         00:00:00:00:00:00     *        eth0\n");
  request_.peers = {*IpAddress::Parse("192.0.2.7"), *IpAddress::Parse("198.51.100.9"),
                    *IpAddress::Parse("203.0.113.1")};
  const LocalFacts f = Read();
  ASSERT_TRUE(f.paths.known()) << f.paths.unknown();
  ASSERT_EQ(f.paths->size(), 3u);
  EXPECT_EQ((*f.paths)[0].kind, PeerPath::Kind::kRoute);
  EXPECT_EQ((*f.paths)[1].kind, PeerPath::Kind::kDeadNeighbour);
  EXPECT_EQ((*f.paths)[1].next_hop, "192.0.2.254");
  EXPECT_EQ((*f.paths)[2].kind, PeerPath::Kind::kNoRoute);
}

TEST_F(FactsReaderTest, ConntrackIsCountedAndItsDropsSinceTheReadingBefore) {
  const std::string heading =
      "entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop\n";
  machine_.Write("proc/sys/net/netfilter/nf_conntrack_max", "256\n");
  machine_.Write("proc/12/net/stat/nf_conntrack", heading + "00000100  0 0 0 0 0 0 0 0 0 00000005 0\n");
  EXPECT_EQ(*Read().conntrack, (Conntrack{256, 256, 0}));
  machine_.Write("proc/12/net/stat/nf_conntrack", heading + "00000100  0 0 0 0 0 0 0 0 0 00000015 0\n");
  EXPECT_EQ(Read().conntrack->dropped, 16u);
}

}  // namespace
}  // namespace candor
