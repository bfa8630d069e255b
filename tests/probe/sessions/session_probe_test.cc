// SPDX-License-Identifier: Apache-2.0
//
// Real TCP connections in a network namespace of their own, counted exactly by cgroup and port, and those
// that must not be counted.
#include "probe/sessions/session_probe.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <string>

#include "base/unique_fd.h"
#include "bpf/sessions.h"
#include "probe/sockets/socket_reader.h"
#include "tests/bpf/drop_capabilities.h"
#include "tests/bpf/netns_process.h"
#include "tests/bpf/test_cgroup.h"

namespace candor {
namespace {

struct Order {
  int family;
  uint16_t first_port, ports;  // listens on so many
  int connections;             // to each
};

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};
Address Loopback(int family, uint16_t port) {
  Address a;
  if (family == AF_INET) {
    auto* in = reinterpret_cast<sockaddr_in*>(&a.storage);
    *in = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    a.length = sizeof *in;
  } else {
    auto* in = reinterpret_cast<sockaddr_in6*>(&a.storage);
    in->sin6_family = AF_INET6;
    in->sin6_port = htons(port);
    in->sin6_addr = in6addr_loopback;
    a.length = sizeof *in;
  }
  return a;
}

// How many connections were made to one listening port; nobody calls accept().
int64_t Connect(int family, uint16_t port, int connections) {
  const UniqueFd listening(::socket(family, SOCK_STREAM, 0));
  Address here = Loopback(family, port);
  const int on = 1;
  ::setsockopt(listening.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(listening.get(), here.get(), here.length) != 0 || ::listen(listening.get(), 4096) != 0)
    return -1;
  int64_t done = 0;
  for (int i = 0; i < connections; ++i) {
    const UniqueFd client(::socket(family, SOCK_STREAM, 0));
    done += ::connect(client.get(), here.get(), here.length) == 0 ? 1 : 0;
  }
  return done;
}

// A process in its own cgroup and network namespace, which is connected to on command.
class Server {
 public:
  explicit Server(const std::string& name) : group_(name), process_(group_, &Serve) {
    EXPECT_EQ(Receive(), 0) << "it is not in its cgroup and namespace";
  }
  const std::string& cgroup() const { return group_.path(); }
  uint64_t cgroup_id() const {
    struct stat about {};
    EXPECT_EQ(::stat(group_.path().c_str(), &about), 0);
    return about.st_ino;
  }
  int64_t Accept(const Order& order) {
    if (::write(process_.socket().get(), &order, sizeof order) != sizeof order) return -2;
    return Receive();
  }

 private:
  static int Serve(const UniqueFd& socket) {
    Order order{};
    int64_t done = 0;
    do {
      if (order.ports > 0) done = 0;
      for (uint16_t i = 0; i < order.ports; ++i) {
        done += Connect(order.family, static_cast<uint16_t>(order.first_port + i), order.connections);
      }
      if (::write(socket.get(), &done, sizeof done) != sizeof done) return 105;
    } while (::read(socket.get(), &order, sizeof order) == sizeof order);
    return 0;
  }
  int64_t Receive() {
    int64_t done = -3;
    return ::read(process_.socket().get(), &done, sizeof done) == sizeof done ? done : -3;
  }
  const TestCgroup group_;
  const NetnsProcess process_;
};

// Loaded once for all tests: few loads, few frees.
class SessionProbe : public testing::Test {
 protected:
  static void SetUpTestSuite() { loaded_ = new LoadedSessions(LoadSessionProbe()); }
  static void TearDownTestSuite() {
    delete loaded_;
    loaded_ = nullptr;
  }
  void SetUp() override { ASSERT_TRUE(loaded_->reader) << loaded_->unavailable; }
  void TearDown() override {
    if (!loaded_->reader) return;
    loaded_->reader->Watch({});
    for (const PortSessions& p : Ports()) loaded_->reader->Remove(p);
  }
  static void Watch(const Server& server) {
    SocketReader reader("/proc", &MonotonicNow);
    reader.Read(server.cgroup());
    ASSERT_EQ(reader.NamespaceInodes().size(), 1u);
    loaded_->reader->Watch(reader.NamespaceInodes());
  }
  static std::vector<PortSessions> Ports() {
    auto reading = loaded_->reader->Read();
    EXPECT_TRUE(reading) << reading.error().message;
    return reading ? reading->ports : std::vector<PortSessions>{};
  }
  static inline LoadedSessions* loaded_ = nullptr;
};

TEST_F(SessionProbe, EveryAcceptedConnectionCountsForItsCgroupAndPort) {
  Server server("sessions");
  Watch(server);
  EXPECT_EQ(server.Accept({AF_INET, 8088, 1, 20}), 20);
  EXPECT_EQ(server.Accept({AF_INET6, 8188, 1, 7}), 7);
  const uint64_t id = server.cgroup_id();
  EXPECT_THAT(Ports(), testing::UnorderedElementsAre(PortSessions{id, 8088, 20}, PortSessions{id, 8188, 7}))
      << "and not the clients' own sockets";
  EXPECT_EQ(server.Accept({AF_INET, 8088, 1, 1}), 1);
  EXPECT_THAT(Ports(), testing::Contains(PortSessions{id, 8088, 21}));
}

TEST_F(SessionProbe, OtherNamespacesCountNothing) {
  Server server("sessions-watched"), other("sessions-of-others");
  Watch(server);
  EXPECT_EQ(other.Accept({AF_INET, 8088, 1, 5}), 5);
  EXPECT_EQ(server.Accept({AF_INET, 8088, 1, 3}), 3);
  EXPECT_THAT(Ports(), testing::ElementsAre(PortSessions{server.cgroup_id(), 8088, 3}));
}

TEST_F(SessionProbe, PortsBeyondTheBoundAreCountedTogetherAndRemovedOnesMakeRoom) {
  Server server("sessions-many");
  Watch(server);
  const uint64_t before = loaded_->reader->Read()->uncounted;
  EXPECT_EQ(server.Accept({AF_INET, 9000, CANDOR_SESSION_PORTS + 10, 1}), CANDOR_SESSION_PORTS + 10);
  const auto full = loaded_->reader->Read();
  ASSERT_TRUE(full);
  EXPECT_EQ(full->ports.size(), CANDOR_SESSION_PORTS);
  EXPECT_EQ(full->uncounted - before, 10u);
  loaded_->reader->Remove(full->ports.front());
  EXPECT_EQ(server.Accept({AF_INET, 8088, 1, 2}), 2);
  EXPECT_THAT(Ports(), testing::Contains(PortSessions{server.cgroup_id(), 8088, 2}));
}

TEST_F(SessionProbe, AReaderWithoutRightsGoesOn) {
  Server server("sessions-unprivileged");
  const pid_t unprivileged = Fork([&] {
    if (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0) return 1;
    Watch(server);
    if (server.Accept({AF_INET, 8088, 1, 4}) != 4) return 2;
    const auto reading = loaded_->reader->Read();
    if (!reading || reading->ports != std::vector<PortSessions>{{server.cgroup_id(), 8088, 4}}) return 3;
    loaded_->reader->Remove(reading->ports.front());
    return Ports().empty() ? 0 : 4;
  });
  EXPECT_EQ(Await(unprivileged), 0);
}

TEST_F(SessionProbe, WithoutTheCapabilityItIsNamed) {
  const pid_t child = Fork([] {
    DropCapabilities({CAP_PERFMON, CAP_SYS_ADMIN});
    const LoadedSessions loaded = LoadSessionProbe();
    std::cout << loaded.unavailable << "\n";
    if (loaded.reader) return 1;
    return loaded.unavailable.find("lacks CAP_PERFMON: grant it") != std::string::npos ? 0 : 2;
  });
  EXPECT_EQ(Await(child), 0);
}

}  // namespace
}  // namespace candor
