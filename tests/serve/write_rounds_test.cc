// SPDX-License-Identifier: Apache-2.0
#include "serve/write_rounds.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(WriteRounds, AnEndWaitsUntilTheRoundIsOver) {
  WriteRounds rounds;
  rounds.Begin();
  rounds.WriteStarts();
  std::atomic<bool> ended{false};
  std::thread other([&] {
    rounds.WriteEnded();
    ended = true;
  });
  std::this_thread::sleep_for(20ms);
  EXPECT_FALSE(ended);
  rounds.End();
  other.join();
  EXPECT_TRUE(ended);
}

TEST(WriteRounds, OutsideARoundAnEndWaitsForNobody) {
  WriteRounds rounds;
  rounds.WriteStarts();
  rounds.WriteEnded();
  rounds.Begin();
  rounds.End();
  rounds.WriteStarts();
  rounds.WriteEnded();
}

// A wake-up that got lost would hang an end for good, or each round for its whole patience.
TEST(WriteRounds, EveryEndComesThroughWhateverTheOrder) {
  constexpr int kRounds = 200, kWrites = 16;
  WriteRounds rounds;
  std::atomic<int> started{0}, ended{0};
  const auto ends = [&] {
    while (ended < kRounds * kWrites) {
      int free = started.load();
      if (free > 0 && started.compare_exchange_weak(free, free - 1)) {
        rounds.WriteEnded();
        ++ended;
      } else {
        std::this_thread::yield();
      }
    }
  };
  std::thread one(ends), two(ends);
  for (int i = 0; i < kRounds; ++i) {
    rounds.Begin();
    for (int write = 0; write < kWrites; ++write) {
      rounds.WriteStarts();
      ++started;
    }
    rounds.End();
  }
  one.join();
  two.join();
  EXPECT_EQ(ended, kRounds * kWrites);
}

// Readers that take nothing hold their writes: 100 rounds with a patience of 5 ms for each would take 0.5 s.
TEST(WriteRounds, AWriteThatNeverEndsDelaysOneRoundOnly) {
  WriteRounds rounds;
  rounds.Begin();
  rounds.WriteStarts();
  auto start = Clock::now();
  rounds.End();
  EXPECT_GE(Clock::now() - start, 4ms);
  start = Clock::now();
  for (int i = 0; i < 100; ++i) {
    rounds.Begin();
    rounds.End();
  }
  EXPECT_LT(Clock::now() - start, 250ms);
}

}  // namespace
}  // namespace candor
