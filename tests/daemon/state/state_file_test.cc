// SPDX-License-Identifier: Apache-2.0
#include "daemon/state/state_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "daemon/state/durable_file.h"

namespace candor::daemon {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class StateFileTest : public ::testing::Test {
 protected:
  StateFileTest() {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/state";
  }
  ~StateFileTest() override { fs::remove_all(folder_); }
  std::string folder_, path_;
};

TEST_F(StateFileTest, ADamagedFileIsSaidLoudlyAndMovedAside) {
  std::ofstream(path_) << "candor-state 1 0123456789abcdef 3\nxyz";
  const PreviousState previous = ReadPreviousState(path_);
  EXPECT_FALSE(previous.state);
  EXPECT_THAT(previous.error, HasSubstr("IS IGNORED: it is damaged: its checksum does not match"));
  EXPECT_TRUE(fs::exists(path_ + ".damaged"));
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_EQ(ReadPreviousState(path_).error, "") << "no file is in order";
}

TEST_F(StateFileTest, IsNotKeptWhenSwitchedOffOrLockedByAnotherThatIsNotTakenOver) {
  EXPECT_EQ(OpenStateFile("off", {}, false).why_not, "the setting state_file is off");
  const auto other = LockFile(path_);
  const StateFile refused = OpenStateFile(path_, {}, false);
  EXPECT_EQ(refused.path, "");
  EXPECT_EQ(refused.why_not, "another candord uses " + path_);
  const StateFile shared = OpenStateFile(path_, {}, true);
  EXPECT_EQ(shared.path, path_);
  EXPECT_FALSE(shared.lock);
}

TEST_F(StateFileTest, HoldsTheLockAndThePreviousState) {
  SavedState state;
  state.sequence = 7;
  ASSERT_TRUE(WriteAtomically(path_, EncodeState(state)));
  const StateFile file = OpenStateFile(path_, {}, false);
  EXPECT_TRUE(file.lock);
  ASSERT_TRUE(file.previous);
  EXPECT_EQ(file.previous->sequence, 7u);
}

}  // namespace
}  // namespace candor::daemon
