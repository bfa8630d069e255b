// SPDX-License-Identifier: Apache-2.0
#include "net/connection_limiter.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

struct FakeConnection final : Connection {
  bool evicted = false;
  void Evict() override { evicted = true; }
};

TEST(ConnectionLimiter, AtTheLimitTheOldestConnectionIsEvicted) {
  ConnectionCounts counts;
  ConnectionLimiter limiter(2, counts);
  FakeConnection first, second, third;
  limiter.Add(&first);
  limiter.Add(&second);
  EXPECT_FALSE(first.evicted);
  limiter.Add(&third);
  EXPECT_TRUE(first.evicted);
  EXPECT_FALSE(second.evicted);
  EXPECT_EQ(counts.open, 2u);
  EXPECT_EQ(counts.accepted, 3u);
  EXPECT_EQ(counts.evicted, 1u);
}

TEST(ConnectionLimiter, AnAnsweredConnectionIsTheLastToBeEvicted) {
  ConnectionCounts counts;
  ConnectionLimiter limiter(2, counts);
  FakeConnection first, second, third;
  limiter.Add(&first);
  limiter.Add(&second);
  limiter.MarkAnswered(&first);
  limiter.Add(&third);
  EXPECT_FALSE(first.evicted);
  EXPECT_TRUE(second.evicted);
}

TEST(ConnectionLimiter, ARemovedConnectionIsIgnored) {
  ConnectionCounts counts;
  ConnectionLimiter limiter(2, counts);
  FakeConnection connection, other;
  limiter.Add(&connection);
  limiter.Add(&other);
  limiter.Remove(&connection);
  limiter.Remove(&connection);
  limiter.MarkAnswered(&connection);
  EXPECT_EQ(counts.open, 1u);
  limiter.EvictAll();
  EXPECT_TRUE(other.evicted);
  EXPECT_FALSE(connection.evicted);
  EXPECT_EQ(counts.open, 0u);
}

}  // namespace
}  // namespace candor
