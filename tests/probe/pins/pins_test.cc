// SPDX-License-Identifier: Apache-2.0
//
// Ownership of folders. Ordinary folders replace those of a BPF file system: nothing is pinned here.
#include "probe/pins/pins.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST_F(PinFolderTest, AnOrdinaryFileSystemIsRefusedWithTheRemedy) {
  // On a disk, and where nothing can be made at all: in sysfs, without a BPF file system on it.
  for (const std::string& folder : {root_ + "/candor", root_ + "/candor/", std::string("/proc/candor")}) {
    const auto opened = PinRoot::Open(folder);
    ASSERT_FALSE(opened) << folder;
    EXPECT_NE(opened.error().message.find("mount -t bpf bpf /sys/fs/bpf"), std::string::npos) << folder;
  }
  EXPECT_FALSE(fs::exists(root_ + "/candor")) << "nothing is left behind";
  EXPECT_EQ(PinRoot::Open("/nonexistent/candor").error().code, ENOENT);
}

TEST_F(PinFolderTest, MessagesHaveTheNameOfAFolderThatIsUsedThroughItsDescriptor) {
  const PinRoot root("/sys/fs/bpf/candor/", UniqueFd(::open(root_.c_str(), O_RDONLY | O_DIRECTORY)));
  EXPECT_EQ(root.Named("cannot pin " + root.path() + "/a/b: no; nor " + root.path()),
            "cannot pin /sys/fs/bpf/candor/a/b: no; nor /sys/fs/bpf/candor");
  EXPECT_EQ(root.Named(root.path() + "7/a"), root.path() + "7/a") << "another descriptor";
}

// Mode 0700 of the BPF file system (systemd, iproute2) for a candord that is no longer root.
TEST_F(PinFolderTest, AnOpenFolderIsUsedByWhoMayNotPassTheFoldersAboveIt) {
  const std::string above = Make("closed"), folder = Make("closed/candor");
  constexpr uid_t kNobody = 65534;
  const pid_t child = ::fork();
  if (child == 0) {
    PinRoot root(folder, UniqueFd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    const std::string path = root.path();
    const auto opened = std::make_shared<const Result<PinRoot>>(std::move(root));
    if (::geteuid() == 0 &&
        (::chown(folder.c_str(), kNobody, kNobody) != 0 || ::chmod(above.c_str(), 0700) != 0 ||
         ::setresgid(kNobody, kNobody, kNobody) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0)) {
      ::_exit(1);
    }
    if (::geteuid() != kNobody && ::chmod(above.c_str(), 0) != 0) ::_exit(2);
    if (::access(folder.c_str(), F_OK) == 0) ::_exit(3);
    auto pins = Pins::Open(opened, "/media.slice", {4, 1, 1});
    if (!pins || !pins->Begin() || !pins->Finish()) ::_exit(4);
    auto next = Pins::Open(opened, "/media.slice", {4, 1, 1});
    if (!next || next->Find() != Pins::Found::kHeld) ::_exit(5);
    pins->Remove();
    ::_exit(next->Find() == Pins::Found::kNothing && FoldersIn(path).empty() ? 0 : 6);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ::chmod(above.c_str(), 0700);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
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

TEST_F(PinFolderTest, AMissingFolderIsReported) {
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

// Several candords on one cgroup. A program's number stands for its code and its ports.
class PinsTest : public PinFolderTest {
 protected:
  using Found = Pins::Found;
  static constexpr ObjectVersion Programs(uint32_t program, uint32_t layout = 1) {
    return {4, layout, program};
  }

  Pins Of(const ObjectVersion& version) const { return {root_, Make("media-1"), version}; }
  std::string Folder(const ObjectVersion& version) const { return root_ + "/media-1/" + version.Name(); }
  // Makes a new folder in any case.
  Pins Running(const ObjectVersion& version) const {
    Pins pins = Of(version);
    EXPECT_TRUE(pins.Begin() && pins.Finish());
    return pins;
  }
  void Leave(const ObjectVersion& version) const { fs::create_directories(Folder(version)); }
};

TEST_F(PinsTest, WithoutPinsANewFolderIsNamedWhenItIsComplete) {
  Pins pins = Of(Programs(1));
  EXPECT_EQ(pins.Find(), Found::kNothing);
  ASSERT_TRUE(pins.Begin());
  EXPECT_FALSE(fs::exists(Folder(Programs(1))));
  ASSERT_TRUE(pins.Finish());
  EXPECT_EQ(pins.folder(), Folder(Programs(1)));
  pins.Remove();
  EXPECT_FALSE(fs::exists(root_ + "/media-1"));
}

TEST_F(PinsTest, ItsOwnVersionIsTakenWhenItIsFreeAndFollowedWhenItIsHeld) {
  Leave(Programs(1));
  Leave(Programs(2));
  Pins one = Of(Programs(1)), two = Of(Programs(1));
  EXPECT_EQ(one.Find(), Found::kSame);
  EXPECT_EQ(two.Find(), Found::kHeld);
  EXPECT_EQ(two.folder(), Folder(Programs(1)));
}

TEST_F(PinsTest, MapsWithOtherProgramsAreTakenAndRenamed) {
  Leave(Programs(1));
  Leave(Programs(1, 2));
  Pins pins = Of(Programs(2));
  ASSERT_EQ(pins.Find(), Found::kSameMaps);
  EXPECT_EQ(pins.folder(), Folder(Programs(1)));
  ASSERT_TRUE(pins.Finish());
  EXPECT_EQ(pins.folder(), Folder(Programs(2)));
  EXPECT_FALSE(fs::exists(Folder(Programs(1))));
}

TEST_F(PinsTest, OfWhatWasLeftOnlyItsOwnInstanceIsRestored) {
  Pins pins = Of(Programs(1));
  KeptPins left;
  left.push_back({"media-2/" + Programs(1).Name() + "/flows", UniqueFd()});
  EXPECT_TRUE(pins.Restore(left)) << "of another cgroup: skipped";
  EXPECT_FALSE(fs::exists(root_ + "/media-2"));
  left.push_back({"media-1/" + Programs(1).Name() + "/flows", UniqueFd()});
  const auto restored = pins.Restore(left);
  ASSERT_FALSE(restored) << "a descriptor that is none cannot be pinned";
  EXPECT_NE(restored.error().message.find(Folder(Programs(1)) + "/flows"), std::string::npos);
}

TEST_F(PinsTest, AFollowerOfAnotherVersionNamesTheFolderItsOwnerStillHolds) {
  std::optional<Pins> before = Running(Programs(1));
  Pins after = Of(Programs(2));
  ASSERT_EQ(after.Find(), Found::kMapsHeld);
  ASSERT_TRUE(after.Follow());
  ASSERT_TRUE(after.Finish());
  EXPECT_EQ(before->folder(), Folder(Programs(2)));
  EXPECT_TRUE(before->IsFollowed());
  EXPECT_FALSE(after.OwnerGone());
  before.reset();
  EXPECT_TRUE(after.OwnerGone());
  EXPECT_EQ(after.folder(), Folder(Programs(2)));
}

TEST_F(PinsTest, AnOwnerWhoseFollowerEndedRemovesTheRenamedFolder) {
  Pins before = Running(Programs(1));
  {
    Pins after = Of(Programs(2));
    ASSERT_EQ(after.Find(), Found::kMapsHeld);
    ASSERT_TRUE(after.Follow() && after.Finish());
  }
  EXPECT_FALSE(before.IsFollowed());
  before.Remove();
  EXPECT_FALSE(fs::exists(root_ + "/media-1"));
}

TEST_F(PinsTest, TwoThatRunWithTheSameMapsAreAmbiguousAndNotFollowed) {
  const Pins one = Running(Programs(1)), two = Running(Programs(2));
  EXPECT_EQ(Of(Programs(3)).Find(), Found::kNothing);
}

TEST_F(PinsTest, AnotherLayoutIsNotTakenButRemovedUnlessItIsHeld) {
  Leave(Programs(1, 2));
  const Pins running = Running(Programs(1, 3));
  Pins pins = Of(Programs(1));
  EXPECT_EQ(pins.Find(), Found::kNothing);
  ASSERT_TRUE(pins.Begin() && pins.Finish());
  const Pins::Others others = pins.RemoveOthers();
  EXPECT_EQ(others.removed, 1);
  EXPECT_EQ(others.held, 1);
  EXPECT_FALSE(fs::exists(Folder(Programs(1, 2))));
  EXPECT_TRUE(fs::exists(Folder(Programs(1, 3))) && fs::exists(Folder(Programs(1))));
}

}  // namespace
}  // namespace candor
