// SPDX-License-Identifier: Apache-2.0
//
// Who owns which folder. An ordinary folder stands for the BPF file system's: nothing is pinned here.
#include "probe/pins.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace candor {
namespace {

namespace fs = std::filesystem;

class PinFolderTest : public testing::Test {
 protected:
  PinFolderTest() {
    std::string name = testing::TempDir() + "candor-pins-XXXXXX";
    root_ = mkdtemp(name.data());
  }
  ~PinFolderTest() override { fs::remove_all(root_); }
  std::string Make(const std::string& name) const {
    fs::create_directories(root_ + "/" + name);
    return root_ + "/" + name;
  }
  std::string root_;
};

TEST_F(PinFolderTest, AnOrdinaryFileSystemIsRefusedWithTheCure) {
  const auto made = MakePinFolders(root_ + "/candor", "media-1");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("mount -t bpf bpf /sys/fs/bpf"), std::string::npos);
  EXPECT_FALSE(fs::exists(root_ + "/candor")) << "nothing is left behind";
  EXPECT_EQ(MakePinFolders("/nonexistent/candor", "media-1").error().code, ENOENT);
}

TEST_F(PinFolderTest, AnOwnerKeepsAllOthersOut) {
  const std::string folder = Make("v2-1-1");
  {
    const auto owner = LockPins(folder, PinLock::kOwner);
    ASSERT_TRUE(owner);
    EXPECT_EQ(LockPins(folder, PinLock::kOwner).error().code, EWOULDBLOCK);
    EXPECT_EQ(LockPins(folder, PinLock::kFollower).error().code, EWOULDBLOCK);
  }
  EXPECT_TRUE(LockPins(folder, PinLock::kOwner)) << "the lock ends with its holder";
}

TEST_F(PinFolderTest, FollowersKeepOnlyOwnersOut) {
  const std::string folder = Make("media-1");
  const auto one = LockPins(folder, PinLock::kFollower), two = LockPins(folder, PinLock::kFollower);
  EXPECT_TRUE(one && two);
  EXPECT_FALSE(LockPins(folder, PinLock::kOwner));
}

TEST_F(PinFolderTest, TheLockGoesWithTheFolderWhenThatIsRenamed) {
  const auto owner = LockPins(Make("new-17"), PinLock::kOwner);
  fs::rename(root_ + "/new-17", root_ + "/v2-1-1");
  EXPECT_FALSE(LockPins(root_ + "/v2-1-1", PinLock::kOwner));
}

TEST_F(PinFolderTest, AMissingFolderIsSaidToBeMissing) {
  EXPECT_EQ(LockPins(root_ + "/gone", PinLock::kOwner).error().code, ENOENT);
  EXPECT_TRUE(FoldersIn(root_ + "/gone").empty());
}

TEST_F(PinFolderTest, ListsFoldersInOrderAndRemovesThemWhole) {
  Make("b");
  Make("a");
  std::ofstream(root_ + "/file") << "x";
  std::ofstream(root_ + "/a/flows") << "x";
  EXPECT_EQ(FoldersIn(root_), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(RemovePins(root_ + "/a"));
  EXPECT_EQ(FoldersIn(root_), std::vector<std::string>{"b"});
}

}  // namespace
}  // namespace candor
