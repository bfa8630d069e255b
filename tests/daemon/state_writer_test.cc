// SPDX-License-Identifier: Apache-2.0
#include "daemon/state/state_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "daemon/paths.h"
#include "daemon/state/durable_file.h"

namespace candor::daemon {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class StateWriterTest : public ::testing::Test {
 protected:
  StateWriterTest() {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/state";
  }
  ~StateWriterTest() override { fs::remove_all(folder_); }
  static SavedState Numbered(uint64_t n) {
    SavedState s;
    s.sequence = n;
    return s;
  }
  std::string folder_, path_;
};

TEST_F(StateWriterTest, SavesAtTheEndAndTheNextProcessFindsIt) {
  {
    StateWriter keeper({path_, 1h, 1ms}, [] { return Numbered(7); }, {});
  }
  const PreviousState earlier = ReadPreviousState(path_);
  ASSERT_TRUE(earlier.state);
  EXPECT_EQ(earlier.state->sequence, 7u);
  EXPECT_EQ(earlier.trouble, "");
  struct stat st {};
  ASSERT_EQ(::stat(path_.c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0600u);
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

TEST_F(StateWriterTest, SavesAtOnceAfterAChangeAndOnceMoreForTheRestOfABurst) {
  std::atomic<uint64_t> saves{0};
  StateWriter keeper({path_, 1h, 100ms}, [&] { return Numbered(++saves); }, {});
  for (int i = 0; i < 20; ++i) keeper.SaveSoon();
  for (int i = 0; i < 200 && saves < 1; ++i) std::this_thread::sleep_for(10ms);
  std::this_thread::sleep_for(300ms);
  EXPECT_GE(saves, 1u);
  EXPECT_LE(saves, 2u);
  const uint64_t before = saves;
  keeper.Stop();
  EXPECT_EQ(ReadPreviousState(path_).state->sequence, before + 1) << "and once more at the end";
}

TEST_F(StateWriterTest, ACommitIsOnDiskWhenItReturnsAndIsAppliedBeforeAnythingElseIsWritten) {
  std::atomic<uint64_t> in_force{0};
  StateWriter keeper({path_, 1ms, 0ms}, [&] { return Numbered(in_force); }, {});
  for (uint64_t n = 1; n <= 200; ++n) {
    keeper.SaveSoon();
    const auto done = keeper.Commit([&](SavedState& s) { s.sequence = n; },
                                    [&] {
                                      EXPECT_EQ(ReadPreviousState(path_).state->sequence, n)
                                          << "on disk first";
                                      in_force = n;
                                    });
    ASSERT_TRUE(done) << done.error().message;
    // The keeper saves all the time: never what was collected before the commit.
    ASSERT_EQ(ReadPreviousState(path_).state->sequence, n);
  }
}

TEST_F(StateWriterTest, ACommitThatCannotBeWrittenChangesNothingAndSaysWhy) {
  StateWriter keeper({path_, 1h, 1ms}, [] { return Numbered(1); }, {});
  ASSERT_TRUE(keeper.Commit([](SavedState&) {}, [] {}));
  fs::create_directory(path_ + ".new");  // where the new file would be written
  bool applied = false;
  const auto done = keeper.Commit([](SavedState& s) { s.sequence = 2; }, [&] { applied = true; });
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("cannot write " + path_ + ".new"));
  EXPECT_FALSE(applied);
  EXPECT_EQ(ReadPreviousState(path_).state->sequence, 1u);
  fs::remove(path_ + ".new");
  EXPECT_TRUE(keeper.Commit([](SavedState& s) { s.sequence = 3; }, [&] { applied = true; }));
  EXPECT_TRUE(applied);
}

TEST_F(StateWriterTest, AFileThatCannotGrowIsAnErrorOfTheWriteAndLeavesTheOldOne) {
  ASSERT_TRUE(WriteAtomically(path_, "old"));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const auto done = WriteAtomically(path_, "new");
  EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("state.new: File too large"));
  EXPECT_EQ(ReadWhole(path_).value(), "old");
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

TEST_F(StateWriterTest, NothingIsWrittenOrCommittedBeforeTheFileIsOurs) {
  auto other = LockFile(path_);
  ASSERT_TRUE(other);
  UniqueFd mine;
  std::atomic<int> troubles{0};
  StateWriterOptions options{path_, 1h, 1ms};
  options.ask_again = 5ms;
  options.owned = [&]() -> Result<void> {
    if (mine) return {};
    auto lock = LockFile(path_);
    if (!lock) return tl::make_unexpected(lock.error());
    mine = std::move(*lock);
    return {};
  };
  StateWriter keeper(
      options, [] { return Numbered(5); }, [&](const std::string&) { ++troubles; });
  std::this_thread::sleep_for(50ms);
  EXPECT_FALSE(fs::exists(path_));
  const auto refused = keeper.Commit([](SavedState&) {}, [] { ADD_FAILURE(); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "another candord uses " + path_);
  EXPECT_EQ(troubles, 0) << "waiting for it is no trouble";
  other->Reset();
  for (int i = 0; i < 400 && !fs::exists(path_); ++i) std::this_thread::sleep_for(5ms);
  EXPECT_TRUE(fs::exists(path_)) << "asked again, without anybody saying so";
  EXPECT_TRUE(keeper.Commit([](SavedState&) {}, [] {}));
}

TEST_F(StateWriterTest, ADamagedFileIsSaidLoudlyAndMovedAside) {
  std::ofstream(path_) << "candor-state 1 0123456789abcdef 3\nxyz";
  const PreviousState earlier = ReadPreviousState(path_);
  EXPECT_FALSE(earlier.state);
  EXPECT_THAT(earlier.trouble, HasSubstr("IS IGNORED: it is damaged: its checksum does not match"));
  EXPECT_TRUE(fs::exists(path_ + ".damaged"));
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_EQ(ReadPreviousState(path_).trouble, "") << "no file is in order";
}

TEST_F(StateWriterTest, TroubleWithTheDiskIsSaidOnceAndWhenItIsMended) {
  std::mutex mutex;
  std::vector<std::string> told;
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    return told.size();
  };
  const std::string inside = folder_ + "/absent/state";
  StateWriter keeper(
      {inside, 5ms, 1ms}, [] { return Numbered(1); },
      [&](const std::string& text) {
        const std::lock_guard lock(mutex);
        told.push_back(text);
      });
  for (int i = 0; i < 400 && count() < 1; ++i) std::this_thread::sleep_for(5ms);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(count(), 1u);
  fs::create_directory(folder_ + "/absent");
  for (int i = 0; i < 400 && count() < 2; ++i) std::this_thread::sleep_for(5ms);
  keeper.Stop();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_THAT(told[0], HasSubstr("absent/state.new: No such file or directory"));
  EXPECT_EQ(told[1], "");
}

TEST_F(StateWriterTest, TwoDaemonsNeverShareAFile) {
  auto first = LockFile(path_);
  ASSERT_TRUE(first);
  const auto second = LockFile(path_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another candord uses " + path_));
  first->Reset();
  EXPECT_TRUE(LockFile(path_));
}

TEST_F(StateWriterTest, AutoTakesSystemdsFolderElseTheUsualOne) {
  EXPECT_EQ(FindPath("auto", folder_ + ":/other", "/nonexistent", "state").path, path_);
  EXPECT_EQ(FindPath("auto", "", folder_ + "/made", "state").path, folder_ + "/made/state");
  EXPECT_TRUE(fs::is_directory(folder_ + "/made"));
  EXPECT_EQ(FindPath("off", folder_, folder_, "state").path, "");
  EXPECT_EQ(FindPath("/x/y", folder_, folder_, "state").path, "/x/y");
  const FoundPath none = FindPath("auto", "", "/nonexistent/deep", "state");
  EXPECT_EQ(none.path, "");
  EXPECT_THAT(none.why_not, HasSubstr("cannot make /nonexistent/deep: No such file"));
}

}  // namespace
}  // namespace candor::daemon
