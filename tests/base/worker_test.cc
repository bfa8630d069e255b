// SPDX-License-Identifier: Apache-2.0
#include "base/worker.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace candor {
namespace {

using namespace std::chrono_literals;

TEST(Worker, RunsItsTaskUntilItIsStopped) {
  std::atomic<int> turns = 0;
  std::atomic<bool> ended = false;
  Worker worker([&](const std::stop_token& stop) {
    while (!SleepUnlessStopped(stop, 1ms)) ++turns;
    ended = true;
  });
  while (turns < 3) std::this_thread::yield();
  EXPECT_TRUE(worker.running());
  worker.Stop();
  EXPECT_TRUE(ended);
  EXPECT_FALSE(worker.running());
  worker.Stop();
}

TEST(Worker, IsStoppedByItsDestructorInALongSleep) {
  const auto start = std::chrono::steady_clock::now();
  {
    const Worker worker([](const std::stop_token& stop) { SleepUnlessStopped(stop, 1h); });
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 60s);
}

TEST(Worker, WaitsForWorkOrTheStop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  int work = 0, done = 0;
  Worker worker([&](const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (wake.wait(lock, stop, [&] { return work > 0; })) {
      --work;
      ++done;
    }
  });
  {
    const std::lock_guard lock(mutex);
    work = 2;
  }
  wake.notify_one();
  for (bool all = false; !all; std::this_thread::yield()) {
    const std::lock_guard lock(mutex);
    all = done == 2;
  }
  worker.Stop();
  EXPECT_EQ(work, 0);
}

TEST(Worker, NamesItsThread) {
  std::array<char, 16> name{};
  Worker worker([&](const std::stop_token&) { pthread_getname_np(pthread_self(), name.data(), name.size()); },
                "candor-example");
  worker.Stop();
  EXPECT_STREQ(name.data(), "candor-example");
}

TEST(Worker, WithoutATaskHasNoThread) {
  Worker worker;
  EXPECT_FALSE(worker.running());
  worker.Stop();
  worker = Worker([](const std::stop_token&) {});
  EXPECT_TRUE(worker.running());
}

}  // namespace
}  // namespace candor
