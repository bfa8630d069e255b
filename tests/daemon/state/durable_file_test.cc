// SPDX-License-Identifier: Apache-2.0
#include "daemon/state/durable_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "base/read_file.h"

namespace candor::daemon {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class DurableFileTest : public ::testing::Test {
 protected:
  DurableFileTest() {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/state";
  }
  ~DurableFileTest() override { fs::remove_all(folder_); }
  std::string folder_, path_;
};

TEST_F(DurableFileTest, AFileThatCannotGrowIsAnErrorOfTheWriteAndLeavesTheOldOne) {
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
  EXPECT_EQ(ReadFile(path_).value(), "old");
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

TEST_F(DurableFileTest, TwoDaemonsNeverShareAFile) {
  auto first = LockFile(path_);
  ASSERT_TRUE(first);
  const auto second = LockFile(path_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another candord uses " + path_));
  first->Reset();
  EXPECT_TRUE(LockFile(path_));
}

}  // namespace
}  // namespace candor::daemon
