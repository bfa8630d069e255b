// SPDX-License-Identifier: Apache-2.0
#include "status/write_batches.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(WriteBatches, AnEndWaitsForTheEndOfTheBatch) {
  WriteBatches batches;
  batches.Begin();
  batches.OnWriteStarted();
  std::atomic<bool> ended{false};
  std::thread other([&] {
    batches.OnWriteEnded();
    ended = true;
  });
  std::this_thread::sleep_for(20ms);
  EXPECT_FALSE(ended);
  batches.End();
  other.join();
  EXPECT_TRUE(ended);
}

TEST(WriteBatches, OutsideABatchAnEndDoesNotWait) {
  WriteBatches batches;
  auto done = std::async(std::launch::async, [&] {
    for (int i = 0; i < 2; ++i) {
      batches.OnWriteStarted();
      batches.OnWriteEnded();
      batches.Begin();
      batches.End();
    }
  });
  EXPECT_EQ(done.wait_for(5s), std::future_status::ready);
}

// A lost wake-up would block an end for good, or each batch for its whole timeout.
TEST(WriteBatches, EveryEndReturnsInAnyOrder) {
  constexpr int kBatches = 200, kWrites = 16;
  WriteBatches batches;
  std::atomic<int> started{0}, ended{0};
  const auto ends = [&] {
    while (ended < kBatches * kWrites) {
      int free = started.load();
      if (free > 0 && started.compare_exchange_weak(free, free - 1)) {
        batches.OnWriteEnded();
        ++ended;
      } else {
        std::this_thread::yield();
      }
    }
  };
  std::thread one(ends), two(ends);
  for (int i = 0; i < kBatches; ++i) {
    batches.Begin();
    for (int write = 0; write < kWrites; ++write) {
      batches.OnWriteStarted();
      ++started;
    }
    batches.End();
  }
  one.join();
  two.join();
  EXPECT_EQ(ended, kBatches * kWrites);
}

// A client that does not read holds its writes: 100 batches that wait 5 ms each would take 0.5 s.
TEST(WriteBatches, AWriteThatNeverEndsDelaysOneBatchOnly) {
  WriteBatches batches;
  batches.Begin();
  batches.OnWriteStarted();
  auto start = Clock::now();
  batches.End();
  EXPECT_GE(Clock::now() - start, 4ms);
  start = Clock::now();
  for (int i = 0; i < 100; ++i) {
    batches.Begin();
    batches.End();
  }
  EXPECT_LT(Clock::now() - start, 250ms);
}

}  // namespace
}  // namespace candor
