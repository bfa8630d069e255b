// SPDX-License-Identifier: Apache-2.0
//
// The dropped packets themselves, as the drop probe delivers them.
#include <gmock/gmock.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "drop_case.h"
#include "flow/flow_table.h"
#include "loss_tools.h"

namespace candor {
namespace {

bool HasSocketArgument() {
  utsname kernel{};
  int major = 0, minor = 0;
  return ::uname(&kernel) == 0 && std::sscanf(kernel.release, "%d.%d", &major, &minor) == 2 &&
         (major > 6 || (major == 6 && minor >= 11));
}

struct LostRow {
  const char* name;
  Loss loss;
  candor_dir direction;
  candor_drop_reason reason;
  bool of_socket;  // the kernel says which socket
  bool v6 = true;
};
constexpr LostRow kLost[] = {
    {"firewall, output", losses::FirewallOnTheWayOut, CANDOR_OUT, CANDOR_DROP_NETFILTER, true},
    {"firewall, input", losses::FirewallOnTheWayIn, CANDOR_IN, CANDOR_DROP_NETFILTER, false},
    {"closed port", losses::ClosedPort, CANDOR_IN, CANDOR_DROP_NO_SOCKET, false},
    {"wrong checksum", losses::WrongChecksum, CANDOR_IN, CANDOR_DROP_CHECKSUM, false, false},
    {"socket filter", losses::SocketFilter, CANDOR_IN, CANDOR_DROP_SOCKET_FILTER, true},
    {"queue of the device full", losses::FullQueue, CANDOR_OUT, CANDOR_DROP_QDISC, true},
    {"source address that cannot be", losses::SpoofedSource, CANDOR_IN, CANDOR_DROP_SOURCE, false, false},
    {"address that is not the node's", losses::UnknownAddress, CANDOR_IN, CANDOR_DROP_ROUTE, false, false},
};

TEST_F(DropProbe, EveryLostPacketIsDeliveredWithItsBytesDirectionReasonAndSocket) {
  Node node("lost");
  Watch(node);
  for (const LostRow& row : kLost) {
    for (const int family : {AF_INET, AF_INET6}) {
      if (family == AF_INET6 && !row.v6) continue;
      SCOPED_TRACE(std::string(row.name) + (family == AF_INET ? ", IPv4" : ", IPv6"));
      Lost(0);
      const Time before = MonotonicNow();
      const int64_t sent = node.Lose(row.loss, family);
      ASSERT_GE(sent, 20);
      const auto lost = Lost(static_cast<size_t>(sent));
      ASSERT_EQ(lost.size(), static_cast<size_t>(sent));
      const size_t headers = family == AF_INET ? 28 : 48;
      const size_t payload = row.reason == CANDOR_DROP_CHECKSUM ? 4 : losses::Pattern().size();
      for (const LostPacket& p : lost) {
        EXPECT_EQ(p.direction, row.direction);
        EXPECT_EQ(p.reason, row.reason);
        const bool known = row.of_socket && (row.direction == CANDOR_OUT || HasSocketArgument());
        EXPECT_EQ(p.cgroup_id, known ? node.cgroup_id() : 0);
        EXPECT_EQ(p.length, headers + payload);
        EXPECT_EQ(p.segments, 1);
        EXPECT_GE(p.at, before);
        EXPECT_LE(p.at, MonotonicNow());
        ASSERT_EQ(p.captured, std::min<size_t>(p.length, CANDOR_LOST_BYTES));
        EXPECT_EQ(p.head[0] >> 4, family == AF_INET ? 4 : 6);
        if (payload > 4) {
          EXPECT_EQ(std::memcmp(&p.head[headers], losses::Pattern().data(), p.captured - headers), 0);
        }
      }
    }
  }
}

// The firewall's drop comes before the cgroup program, which therefore never sees this flow.
TEST_F(DropProbe, ACheckThatAFirewallDropsIsReadLikeOneThatArrives) {
  Node node("lost-checks");
  Watch(node);
  for (const int family : {AF_INET, AF_INET6}) {
    Lost(0);
    ASSERT_EQ(node.Lose(losses::ChecksRefused, family), 20);
    const auto lost = Lost(20);
    ASSERT_EQ(lost.size(), 20u);
    FlowTable table({});
    FlowEvent event{};
    ASSERT_TRUE(table.Packet(lost[0].at, lost[0].direction, lost[0].bytes(), lost[0].length, 1, &event));
    EXPECT_EQ(event.flow.phase, CANDOR_PHASE_OFFERED);
    EXPECT_EQ(event.flow.waiting_on, CANDOR_WAITING_ON_NODE);
    EXPECT_EQ(UfragText(event.flow), "node");
    EXPECT_EQ(LocalOf(event.key).port, 7013);
  }
}

// The payload of such a send lies in pages. What is not read is counted, and the headers are there.
TEST_F(DropProbe, SegmentsOfOneSendAreOnePacketWithTheirNumber) {
  Node node("lost-segments");
  Watch(node);
  Lost(0);
  const DropReader::Reading before = loaded_->reader->Read();
  ASSERT_EQ(node.Lose(losses::FirewallOnSegments, AF_INET), 100);
  const auto lost = Lost(20);
  ASSERT_EQ(lost.size(), 20u);
  const uint64_t cut = loaded_->reader->Read().lost_cut - before.lost_cut;
  std::cout << "read " << lost[0].captured << " of " << lost[0].length << " bytes; cut: " << cut
            << " of 20\n";
  for (const LostPacket& p : lost) {
    EXPECT_EQ(p.segments, 5);
    EXPECT_EQ(p.length, 1028);
    EXPECT_GE(p.captured, 28);
    EXPECT_EQ(p.captured == CANDOR_LOST_BYTES, cut == 0);
  }
}

TEST_F(DropProbe, AFloodIsReadInPartAndCountedWhole) {
  Node node("lost-flood");
  Watch(node);
  Lost(0);
  const DropReader::Reading before = loaded_->reader->Read();
  const Time begin = MonotonicNow();
  ASSERT_EQ(node.Lose(losses::Flood, AF_INET), 20000);
  EXPECT_EQ(Since(before, "out netfilter 20000; "), "out netfilter 20000; ");
  const auto windows = (MonotonicNow() - begin).count() >> CANDOR_LOST_WINDOW_SHIFT;
  const DropReader::Reading now = loaded_->reader->Read();
  const uint64_t read = now.lost_read - before.lost_read;
  EXPECT_EQ(read + now.lost_unread - before.lost_unread, 20000u);
  EXPECT_GE(read, CANDOR_LOST_OF_REASON);
  EXPECT_LE(read, static_cast<uint64_t>(CANDOR_LOST_OF_REASON * (windows + 2)));
  EXPECT_EQ(Lost(read).size(), read);
}

TEST_F(DropProbe, AFloodOfOneReasonLeavesRoomForTheOthers) {
  Node node("lost-beside-flood");
  Watch(node);
  Lost(0);
  std::this_thread::sleep_for(
      std::chrono::nanoseconds(2 << CANDOR_LOST_WINDOW_SHIFT));  // another test's flood
  ASSERT_EQ(node.Lose(losses::RefusedAfterFlood, AF_INET), 20);
  int refused = 0;
  const Time late = MonotonicNow() + std::chrono::seconds(3);
  while (refused < 20 && MonotonicNow() < late) {
    for (const LostPacket& p : Lost(1)) refused += p.reason == CANDOR_DROP_NETFILTER ? 1 : 0;
  }
  EXPECT_EQ(refused, 20);
}

TEST_F(DropProbe, AFloodOfMediaLeavesRoomForWhatBeginsACall) {
  Node node("lost-media");
  Watch(node);
  Lost(0);
  std::this_thread::sleep_for(std::chrono::nanoseconds(2 << CANDOR_LOST_WINDOW_SHIFT));
  ASSERT_EQ(node.Lose(losses::CheckAfterMedia, AF_INET), 3020);
  const auto lost = Lost(20);
  const auto checks =
      std::count_if(lost.begin(), lost.end(), [](const LostPacket& p) { return p.head[28] == 0; });
  EXPECT_EQ(checks, 20);
  EXPECT_LT(lost.size(), 1000u) << "and not all of the media";
}

// Nobody takes packets for as long as it needs to fill the ring.
TEST_F(DropProbe, WhatDoesNotFitIntoTheRingIsCountedAsUnread) {
  Node node("lost-ring");
  Watch(node);
  Lost(0);
  const DropReader::Reading before = loaded_->reader->Read();
  const size_t room = CANDOR_LOST_RING_BYTES / (sizeof(candor_lost) + 8);
  const Time late = MonotonicNow() + std::chrono::seconds(20);
  uint64_t tried = 0, read = 0;
  while (read < room && MonotonicNow() < late) {
    tried += static_cast<uint64_t>(node.Lose(losses::ClosedPort, AF_INET));
    read = loaded_->reader->Read().lost_read - before.lost_read;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(read, room);
  std::this_thread::sleep_for(std::chrono::nanoseconds(2 << CANDOR_LOST_WINDOW_SHIFT));
  tried += static_cast<uint64_t>(node.Lose(losses::ClosedPort, AF_INET));
  const DropReader::Reading now = loaded_->reader->Read();
  EXPECT_EQ(now.lost_read - before.lost_read, room);
  EXPECT_EQ(now.lost_unread - before.lost_unread, tried - read);
  size_t taken = 0, calls = 0;
  for (size_t n = 1; n > 0; taken += n, ++calls) n = loaded_->reader->TakeLost([](const LostPacket&) {});
  EXPECT_EQ(taken, read);
  EXPECT_EQ(calls, read / DropReader::kLostAtOnce + 2) << "a call takes no more than its bound";
}

}  // namespace
}  // namespace candor
