// SPDX-License-Identifier: Apache-2.0
#include "daemon/paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace candor::daemon {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class PathsTest : public ::testing::Test {
 protected:
  PathsTest() {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/state";
  }
  ~PathsTest() override { fs::remove_all(folder_); }
  std::string folder_, path_;
};

TEST_F(PathsTest, AutoTakesSystemdsFolderElseTheUsualOne) {
  EXPECT_EQ(FindPath("auto", folder_ + ":/other", "/nonexistent", "state").path, path_);
  EXPECT_EQ(FindPath("auto", "", folder_ + "/made", "state").path, folder_ + "/made/state");
  EXPECT_TRUE(fs::is_directory(folder_ + "/made"));
  EXPECT_EQ(FindPath("off", folder_, folder_, "state").path, "");
  EXPECT_EQ(FindPath("/x/y", folder_, folder_, "state").path, "/x/y");
  const FoundPath none = FindPath("auto", "", "/nonexistent/deep", "state");
  EXPECT_EQ(none.path, "");
  EXPECT_THAT(none.why_not, HasSubstr("cannot make /nonexistent/deep: No such file"));
}

TEST_F(PathsTest, TheAdminSocketIsInTheRuntimeFolder) {
  EXPECT_EQ(AdminSocketPath("auto", {.runtime = folder_, .state = "", .notify = ""}).path,
            folder_ + "/admin.sock");
  EXPECT_EQ(StateFilePath("auto", {.runtime = "", .state = folder_, .notify = ""}).path, path_);
}

}  // namespace
}  // namespace candor::daemon
