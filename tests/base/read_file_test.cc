// SPDX-License-Identifier: Apache-2.0
#include "base/read_file.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace candor {
namespace {

class ReadFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "read_file_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Holding(const std::string& bytes) const {
    std::ofstream(folder_ + "/file", std::ios::binary) << bytes;
    return folder_ + "/file";
  }
  std::string folder_;
};

TEST_F(ReadFileTest, GivesEveryByte) {
  EXPECT_EQ(ReadFile(Holding("")).value(), "");
  const std::string bytes = std::string(100000, 'x') + std::string("\0\n", 2);
  EXPECT_EQ(ReadFile(Holding(bytes)).value(), bytes);
  EXPECT_FALSE(ReadFile("/proc/self/status").value().empty());
}

TEST_F(ReadFileTest, ErrorsNameTheFileAndTheErrno) {
  const auto gone = ReadFile(folder_ + "/none");
  EXPECT_EQ(gone.error().message, "cannot read " + folder_ + "/none: No such file or directory");
  EXPECT_EQ(gone.error().code, ENOENT);
  EXPECT_EQ(ReadFile(folder_).error().code, EISDIR);
}

TEST_F(ReadFileTest, RefusesMoreThanTheLimit) {
  const size_t mib = size_t{1} << 20;
  EXPECT_TRUE(ReadFile(Holding(std::string(mib, 'x')), mib));
  const std::string path = Holding(std::string(mib + 1, 'x'));
  EXPECT_EQ(ReadFile(path, mib).error().message, path + " is larger than 1 MiB");
  EXPECT_EQ(ReadFile(path, mib).error().code, EFBIG);
}

TEST_F(ReadFileTest, AMissingFileMayBeNoError) {
  EXPECT_EQ(ReadFileIfThere(folder_ + "/none").value(), std::nullopt);
  EXPECT_EQ(ReadFileIfThere(Holding("a")).value(), "a");
  EXPECT_EQ(ReadFileIfThere(folder_).error().code, EISDIR);
}

}  // namespace
}  // namespace candor
