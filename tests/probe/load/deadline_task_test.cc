// SPDX-License-Identifier: Apache-2.0
#include "probe/load/deadline_task.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>

namespace candor {
namespace {

using namespace std::chrono_literals;

TEST(DeadlineTask, HandsTheResultOverOnce) {
  DeadlineTask<int> task([] { return 7; });
  EXPECT_EQ(task.TakeWithin(10s), 7);
  EXPECT_EQ(task.TakeWithin(1ms), std::nullopt);
}

TEST(DeadlineTask, HandsOverWhatCannotBeCopied) {
  DeadlineTask<std::unique_ptr<int>> task([] { return std::make_unique<int>(7); });
  const auto taken = task.TakeWithin(10s);
  ASSERT_TRUE(taken);
  EXPECT_EQ(**taken, 7);
}

TEST(DeadlineTask, BlockedWorkKeepsNeitherTheCallerNorTheOwner) {
  std::promise<void> release;
  std::promise<void> ended;
  {
    DeadlineTask<int> task([&] {
      release.get_future().wait();
      ended.set_value();
      return 7;
    });
    EXPECT_EQ(task.TakeWithin(1ms), std::nullopt);
  }  // would never be passed if the owner joined the thread
  release.set_value();
  ended.get_future().wait();
}

TEST(DeadlineTask, AResultThatComesTooLateIsDestroyedByTheThread) {
  struct Telltale {
    explicit Telltale(std::promise<void>* d) : destroyed(d) {}
    std::promise<void>* destroyed;
    ~Telltale() { destroyed->set_value(); }
  };
  std::promise<void> release, destroyed;
  {
    DeadlineTask<std::unique_ptr<Telltale>> task([&] {
      release.get_future().wait();
      return std::make_unique<Telltale>(&destroyed);
    });
  }
  release.set_value();
  EXPECT_EQ(destroyed.get_future().wait_for(10s), std::future_status::ready);
}

}  // namespace
}  // namespace candor
