// SPDX-License-Identifier: Apache-2.0
#include "web/lobby.h"

#include <gtest/gtest.h>

namespace candor::web {
namespace {

struct Visitor final : Guest {
  bool evicted = false;
  void Evict() override { evicted = true; }
};

TEST(Lobby, OneTooManyAndWhoHasWaitedLongestLeaves) {
  PortTraffic traffic;
  Lobby lobby(2, traffic);
  Visitor first, second, third;
  lobby.Enter(&first);
  lobby.Enter(&second);
  EXPECT_FALSE(first.evicted);
  lobby.Enter(&third);
  EXPECT_TRUE(first.evicted);
  EXPECT_FALSE(second.evicted);
  EXPECT_EQ(traffic.open, 2u);
  EXPECT_EQ(traffic.accepted, 3u);
  EXPECT_EQ(traffic.evicted, 1u);
}

TEST(Lobby, WhoWasJustAnsweredHasWaitedLeast) {
  PortTraffic traffic;
  Lobby lobby(2, traffic);
  Visitor first, second, third;
  lobby.Enter(&first);
  lobby.Enter(&second);
  lobby.Answered(&first);
  lobby.Enter(&third);
  EXPECT_FALSE(first.evicted);
  EXPECT_TRUE(second.evicted);
}

TEST(Lobby, LeavingTwiceIsLeavingOnce) {
  PortTraffic traffic;
  Lobby lobby(2, traffic);
  Visitor guest, other;
  lobby.Enter(&guest);
  lobby.Enter(&other);
  lobby.Leave(&guest);
  lobby.Leave(&guest);
  lobby.Answered(&guest);
  EXPECT_EQ(lobby.size(), 1u);
  lobby.EvictAll();
  EXPECT_TRUE(other.evicted);
  EXPECT_FALSE(guest.evicted);
  EXPECT_EQ(traffic.open, 0u);
}

}  // namespace
}  // namespace candor::web
