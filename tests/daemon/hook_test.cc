// SPDX-License-Identifier: Apache-2.0
#include "daemon/hook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace candor::daemon {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class HookTest : public ::testing::Test {
 protected:
  HookTest() {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~HookTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Hook> Make(const std::string& script, std::chrono::milliseconds timeout = 20s) {
    return std::make_unique<Hook>(HookOptions{{"/bin/sh", "-c", script, folder_}, timeout},
                                  [this](const std::string& text) {
                                    const std::lock_guard lock(mutex_);
                                    failures_.push_back(text);
                                  });
  }
  std::string File(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ + "/" + name).rdbuf();
    return text.str();
  }
  template <class Condition>
  static bool Within(std::chrono::milliseconds timeout, const Condition& condition) {
    const auto until = std::chrono::steady_clock::now() + timeout;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(5ms);
    }
    return true;
  }
  // Ended, also when it is still a zombie.
  static bool Gone(int pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string id, name, state;
    return !(stat >> id >> name >> state) || state == "Z" || state == "X";
  }
  std::vector<std::string> Failures() {
    const std::lock_guard lock(mutex_);
    return failures_;
  }

  std::string folder_;
  std::mutex mutex_;
  std::vector<std::string> failures_;
};

TEST_F(HookTest, TheProgramInheritsNoDescriptorButTheStandardOnes) {
  int pair[2];  // without close-on-exec, as libraries open theirs
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  const auto hook = Make("exec >$0/open.tmp; ls /proc/$$/fd; mv $0/open.tmp $0/open");
  hook->Run("{}");
  ASSERT_TRUE(Within(20s, [&] { return !File("open").empty(); }));
  EXPECT_EQ(File("open"), "0\n1\n2\n");
  ::close(pair[0]);
  ::close(pair[1]);
}

TEST_F(HookTest, GetsTheVerdictOnItsStdin) {
  const auto hook = Make("cat > $0/got.part && mv $0/got.part $0/got");
  hook->Run("{\"state\":\"FAILING\"}");
  ASSERT_TRUE(Within(10s, [&] { return std::filesystem::exists(folder_ + "/got"); }));
  EXPECT_EQ(File("got"), "{\"state\":\"FAILING\"}");
  EXPECT_TRUE(Failures().empty());
}

TEST_F(HookTest, DuringARunOnlyTheNewestVerdictIsKept) {
  const auto hook = Make("cat >> $0/got; echo >> $0/got; while [ ! -e $0/go ]; do sleep 0.02; done");
  hook->Run("1");
  ASSERT_TRUE(Within(10s, [&] { return File("got") == "1\n"; }));
  for (const char* text : {"2", "3", "4"}) hook->Run(text);
  std::ofstream(folder_ + "/go").close();
  EXPECT_TRUE(Within(10s, [&] { return File("got") == "1\n4\n"; })) << File("got");
}

TEST_F(HookTest, AProgramThatHangsIsKilledWithItsChildrenAndTheNextRuns) {
  const auto hook = Make("cat > $0/got; sleep 1000 & echo $! > $0/child; wait", 300ms);
  hook->Run("first");
  ASSERT_TRUE(Within(10s, [&] { return !Failures().empty(); }));
  EXPECT_THAT(Failures()[0], HasSubstr("/bin/sh did not end within 300 ms and was killed"));
  const int child = std::stoi(File("child"));
  EXPECT_TRUE(Within(5s, [&] { return Gone(child); }));
  hook->Run("second");
  EXPECT_TRUE(Within(10s, [&] { return File("got") == "second"; }));
}

TEST_F(HookTest, AProgramThatNeverReadsDoesNotBlock) {
  const auto hook = Make("exit 0");
  hook->Run(std::string(1 << 20, 'x'));  // far more than a pipe holds
  hook->SetOptions({{"/bin/sh", "-c", "cat > $0/got", folder_}, 10s});
  std::this_thread::sleep_for(50ms);
  hook->Run("next");
  EXPECT_TRUE(Within(10s, [&] { return File("got") == "next"; }));
}

TEST_F(HookTest, SaysHowARunFailed) {
  auto hook = Make("exit 7");
  hook->Run("{}");
  ASSERT_TRUE(Within(10s, [&] { return Failures().size() == 1; }));
  hook->SetOptions({{"/nonexistent/hook"}, 1s});
  hook->Run("{}");
  ASSERT_TRUE(Within(10s, [&] { return Failures().size() == 2; }));
  EXPECT_THAT(Failures(),
              ElementsAre("on_transition: /bin/sh ended with exit code 7",
                          "on_transition: cannot run /nonexistent/hook: No such file or directory"));
}

TEST_F(HookTest, StopsAtOnceWhileAProgramHangs) {
  const auto hook = Make("touch $0/began; sleep 1000");
  hook->Run("{}");
  ASSERT_TRUE(Within(10s, [&] { return std::filesystem::exists(folder_ + "/began"); }));
  const auto before = std::chrono::steady_clock::now();
  hook->Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
  EXPECT_TRUE(Failures().empty()) << "a stop is no failure";
}

TEST_F(HookTest, TheProgramStartsWithNoSignalBlocked) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  const auto hook = Make("grep SigBlk /proc/self/status > $0/part && mv $0/part $0/mask");
  hook->Run("{}");
  ASSERT_TRUE(Within(10s, [&] { return std::filesystem::exists(folder_ + "/mask"); }));
  EXPECT_EQ(File("mask"), "SigBlk:\t0000000000000000\n");
}

}  // namespace
}  // namespace candor::daemon
