// SPDX-License-Identifier: Apache-2.0
#include "daemon/thread_progress.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace candor::daemon {
namespace {

using namespace std::chrono_literals;

std::string Stat(char state, int user, int system) {
  return std::string("77 (a) R 9 (b)) ") + state + " 1 77 77 0 -1 4194368 1 0 0 0 " + std::to_string(user) +
         " " + std::to_string(system) + " 0 0 20 0 5 0 1234 1000 100\n";
}

class ThreadProgressTest : public testing::Test {
 protected:
  ThreadProgressTest() {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~ThreadProgressTest() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& stat) const {
    std::filesystem::create_directories(folder_ + "/task/77");
    std::ofstream(folder_ + "/task/77/stat") << stat;
  }

  std::string folder_;
};

TEST(ParseThreadTime, ANameMayHaveBlanksAndParentheses) {
  const auto t = ParseThreadTime(Stat('R', 7, 5));
  ASSERT_TRUE(t.has_value());
  EXPECT_EQ(t->state, 'R');
  EXPECT_EQ(t->ticks, 12u);
}

TEST(ParseThreadTime, OtherTextsAreNone) {
  for (const char* text : {"", "77 (x) ", "77 (x) R", "77 (x) R 1 2", "77 (x) R 1 2 3 4 5 6 7 8 9 0 x y 1"}) {
    EXPECT_FALSE(ParseThreadTime(text).has_value()) << text;
  }
}

TEST_F(ThreadProgressTest, IsStarvedWhenItCouldRunAndGetsNoCpu) {
  ThreadProgress progress(folder_);
  Write(Stat('R', 100, 50));
  EXPECT_FALSE(progress.Starved(77)) << "nothing to compare with";
  Write(Stat('R', 100, 51));
  EXPECT_TRUE(progress.Starved(77));
  Write(Stat('R', 101, 52));
  EXPECT_FALSE(progress.Starved(77)) << "an endless loop has the CPU";
  Write(Stat('S', 101, 52));
  EXPECT_FALSE(progress.Starved(77)) << "it waits for something else";
  Write(Stat('D', 101, 52));
  EXPECT_FALSE(progress.Starved(77));
  EXPECT_FALSE(progress.Starved(78)) << "cannot be read";
}

TEST(ThreadProgress, ReadsTheThreadsOfThisProcess) {
  std::atomic<pid_t> id = 0;
  std::atomic<bool> end = false;
  std::thread busy([&] {
    id = ::gettid();
    while (!end) {
    }
  });
  while (id == 0) std::this_thread::sleep_for(1ms);
  ThreadProgress progress;
  bool ran = false;  // once: the machine may be busy
  for (int i = 0; i < 50 && !ran; ++i) {
    progress.Starved(id);
    std::this_thread::sleep_for(200ms);
    ran = !progress.Starved(id);
  }
  EXPECT_TRUE(ran);
  end = true;
  busy.join();
}

}  // namespace
}  // namespace candor::daemon
