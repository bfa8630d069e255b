// SPDX-License-Identifier: Apache-2.0
#include "daemon/state/state_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>

#include "daemon/state/durable_file.h"
#include "daemon/state/state_file.h"

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
    StateWriter writer({path_, 1h, 1ms}, [] { return Numbered(7); }, {});
  }
  const PreviousState previous = ReadPreviousState(path_);
  ASSERT_TRUE(previous.state);
  EXPECT_EQ(previous.state->sequence, 7u);
  EXPECT_EQ(previous.error, "");
  struct stat st {};
  ASSERT_EQ(::stat(path_.c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0600u);
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

TEST_F(StateWriterTest, SavesAtOnceAfterAChangeAndOnceMoreForTheRestOfABurst) {
  std::atomic<uint64_t> saves{0};
  StateWriter writer({path_, 1h, 100ms}, [&] { return Numbered(++saves); }, {});
  for (int i = 0; i < 20; ++i) writer.SaveSoon();
  for (int i = 0; i < 200 && saves < 1; ++i) std::this_thread::sleep_for(10ms);
  std::this_thread::sleep_for(300ms);
  EXPECT_GE(saves, 1u);
  EXPECT_LE(saves, 2u);
  const uint64_t before = saves;
  writer.Stop();
  EXPECT_EQ(ReadPreviousState(path_).state->sequence, before + 1) << "and once more at the end";
}

TEST_F(StateWriterTest, ACommitIsOnDiskWhenItReturnsAndIsAppliedBeforeAnythingElseIsWritten) {
  std::atomic<uint64_t> in_force{0};
  StateWriter writer({path_, 1ms, 0ms}, [&] { return Numbered(in_force); }, {});
  for (uint64_t n = 1; n <= 200; ++n) {
    writer.SaveSoon();
    const auto done = writer.Commit([&](SavedState& s) { s.sequence = n; },
                                    [&] {
                                      EXPECT_EQ(ReadPreviousState(path_).state->sequence, n)
                                          << "on disk first";
                                      in_force = n;
                                    });
    ASSERT_TRUE(done) << done.error().message;
    // The writer saves all the time: never what was collected before the commit.
    ASSERT_EQ(ReadPreviousState(path_).state->sequence, n);
  }
}

TEST_F(StateWriterTest, ACommitThatCannotBeWrittenChangesNothingAndSaysWhy) {
  StateWriter writer({path_, 1h, 1ms}, [] { return Numbered(1); }, {});
  ASSERT_TRUE(writer.Commit([](SavedState&) {}, [] {}));
  fs::create_directory(path_ + ".new");  // where the new file would be written
  bool applied = false;
  const auto done = writer.Commit([](SavedState& s) { s.sequence = 2; }, [&] { applied = true; });
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("cannot write " + path_ + ".new"));
  EXPECT_FALSE(applied);
  EXPECT_EQ(ReadPreviousState(path_).state->sequence, 1u);
  fs::remove(path_ + ".new");
  EXPECT_TRUE(writer.Commit([](SavedState& s) { s.sequence = 3; }, [&] { applied = true; }));
  EXPECT_TRUE(applied);
}

TEST_F(StateWriterTest, NothingIsWrittenOrCommittedBeforeTheFileIsAcquired) {
  auto other = LockFile(path_);
  ASSERT_TRUE(other);
  UniqueFd mine;
  std::atomic<int> errors{0};
  StateWriterOptions options{path_, 1h, 1ms};
  options.retry = 5ms;
  options.acquire = [&]() -> Result<void> {
    if (mine) return {};
    auto lock = LockFile(path_);
    if (!lock) return tl::make_unexpected(lock.error());
    mine = std::move(*lock);
    return {};
  };
  StateWriter writer(
      options, [] { return Numbered(5); }, [&](const std::string&) { ++errors; });
  std::this_thread::sleep_for(50ms);
  EXPECT_FALSE(fs::exists(path_));
  const auto refused = writer.Commit([](SavedState&) {}, [] { ADD_FAILURE(); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "another candord uses " + path_);
  EXPECT_EQ(errors, 0) << "waiting for the lock is no error";
  other->Reset();
  for (int i = 0; i < 400 && !fs::exists(path_); ++i) std::this_thread::sleep_for(5ms);
  EXPECT_TRUE(fs::exists(path_)) << "tried again without a request";
  EXPECT_TRUE(writer.Commit([](SavedState&) {}, [] {}));
}

TEST_F(StateWriterTest, AnErrorOfTheDiskIsReportedOnceAndWhenItHasEnded) {
  std::mutex mutex;
  std::vector<std::string> reported;
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    return reported.size();
  };
  const std::string inside = folder_ + "/absent/state";
  StateWriter writer(
      {inside, 5ms, 1ms}, [] { return Numbered(1); },
      [&](const std::string& text) {
        const std::lock_guard lock(mutex);
        reported.push_back(text);
      });
  for (int i = 0; i < 400 && count() < 1; ++i) std::this_thread::sleep_for(5ms);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(count(), 1u);
  fs::create_directory(folder_ + "/absent");
  for (int i = 0; i < 400 && count() < 2; ++i) std::this_thread::sleep_for(5ms);
  writer.Stop();
  ASSERT_EQ(reported.size(), 2u);
  EXPECT_THAT(reported[0], HasSubstr("absent/state.new: No such file or directory"));
  EXPECT_EQ(reported[1], "");
}

}  // namespace
}  // namespace candor::daemon
