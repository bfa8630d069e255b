// SPDX-License-Identifier: Apache-2.0
//
// The drop probe over a process that loses real datagrams in a network namespace of its own.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "losses.h"
#include "probe/drops/drop_probe.h"
#include "probe/sockets/socket_reader.h"
#include "tests/bpf/netns_process.h"
#include "tests/bpf/test_cgroup.h"

namespace candor {

using Loss = int64_t (*)(int family);

// A process in its own cgroup and network namespace, which loses datagrams on command.
class Node {
 public:
  explicit Node(const std::string& name) : group_(name), process_(group_, &Serve) {
    EXPECT_EQ(Receive(), 0) << "it is not in its cgroup and namespace";
  }
  const std::string& cgroup() const { return group_.path(); }
  uint64_t cgroup_id() const {
    struct stat about {};
    EXPECT_EQ(::stat(group_.path().c_str(), &about), 0);
    return about.st_ino;
  }

  // How many datagrams it lost.
  int64_t Lose(Loss loss, int family) {
    const Order order{loss, family};
    if (::write(process_.socket().get(), &order, sizeof order) != sizeof order) return -2;
    return Receive();
  }

 private:
  struct Order {
    Loss loss;  // the child is a copy of this process
    int family;
  };
  static int Serve(const UniqueFd& socket) {
    Order order{};
    int64_t lost = 0;
    do {
      if (order.loss != nullptr) lost = order.loss(order.family);
      if (::write(socket.get(), &lost, sizeof lost) != sizeof lost) return 105;
    } while (::read(socket.get(), &order, sizeof order) == sizeof order);
    return 0;
  }
  int64_t Receive() {
    int64_t lost = -3;
    return ::read(process_.socket().get(), &lost, sizeof lost) == sizeof lost ? lost : -3;
  }
  const TestCgroup group_;
  const NetnsProcess process_;
};

// Loaded once for all tests: few loads, few frees.
class DropProbe : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ProbeOptions options;
    options.port_min = losses::kFirstPort;
    options.port_max = losses::kLastPort;
    loaded_ = new LoadedDrops(LoadDropProbe(options));
  }
  static void TearDownTestSuite() {
    delete loaded_;
    loaded_ = nullptr;
  }
  void SetUp() override { ASSERT_TRUE(loaded_->reader) << loaded_->unavailable; }
  void TearDown() override {
    if (loaded_->reader) loaded_->reader->Watch({});
  }
  static void Watch(const Node& node) {
    SocketReader reader("/proc", &MonotonicNow);
    reader.Read(node.cgroup());
    ASSERT_EQ(reader.NamespaceInodes().size(), 1u);
    loaded_->reader->Watch(reader.NamespaceInodes());
  }
  // What was counted since `before`, as "in netfilter 20; ", and what has no namespace.
  static std::string Since(const DropReader::Reading& before) {
    const DropReader::Reading now = loaded_->reader->Read();
    std::string text;
    ForEachDrop([&](candor_dir d, candor_drop_reason r) {
      const uint64_t n = now.sums.at(d).at(r) - before.sums.at(d).at(r);
      if (n > 0)
        text +=
            std::string(DirectionName(d)) + " " + std::string(DropName(r)) + " " + std::to_string(n) + "; ";
    });
    if (now.unattributed > before.unattributed)
      text += "unattributed " + std::to_string(now.unattributed - before.unattributed);
    return text;
  }
  // The same once it is `all`, or after 3 s: a busy machine processes packets late.
  static std::string Since(const DropReader::Reading& before, const std::string& all) {
    const Time late = MonotonicNow() + std::chrono::seconds(3);
    while (Since(before) != all && MonotonicNow() < late) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return Since(before);
  }
  // The packets that were delivered since the last call, once there are `all` or after 3 s. Lost(0) leaves
  // none of an earlier loss.
  static std::vector<LostPacket> Lost(size_t all) {
    std::vector<LostPacket> lost;
    const Time late = MonotonicNow() + std::chrono::seconds(3);
    do {
      while (loaded_->reader->TakeLost([&](const LostPacket& p) { lost.push_back(p); }) > 0) {
      }
      if (lost.size() < all) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    } while (lost.size() < all && MonotonicNow() < late);
    return lost;
  }
  static inline LoadedDrops* loaded_ = nullptr;
};

}  // namespace candor
