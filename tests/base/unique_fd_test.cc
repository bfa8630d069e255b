// SPDX-License-Identifier: Apache-2.0
#include "base/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

int Opened() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }
bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

TEST(UniqueFd, ClosesAtTheEndOfItsLife) {
  const int fd = Opened();
  {
    const UniqueFd owner(fd);
    EXPECT_TRUE(owner);
    EXPECT_TRUE(IsOpen(fd));
  }
  EXPECT_FALSE(IsOpen(fd));
}

TEST(UniqueFd, MovingHandsTheDescriptorOver) {
  const int fd = Opened();
  UniqueFd from(fd);
  UniqueFd to(std::move(from));
  EXPECT_FALSE(from);  // NOLINT(bugprone-use-after-move): a moved-from owner is empty by contract
  EXPECT_EQ(to.get(), fd);
  EXPECT_TRUE(IsOpen(fd));
}

TEST(UniqueFd, AssigningClosesWhatWasHeldBefore) {
  const int first = Opened();
  const int second = Opened();
  UniqueFd owner(first);
  owner = UniqueFd(second);
  EXPECT_FALSE(IsOpen(first));
  EXPECT_EQ(owner.get(), second);
}

TEST(UniqueFd, ReleaseLeavesClosingToTheCaller) {
  const int fd = Opened();
  {
    UniqueFd owner(fd);
    EXPECT_EQ(owner.Release(), fd);
    EXPECT_FALSE(owner);
  }
  EXPECT_TRUE(IsOpen(fd));
  ::close(fd);
}

}  // namespace
}  // namespace candor
