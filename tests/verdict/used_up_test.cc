// SPDX-License-Identifier: Apache-2.0
#include "verdict/used_up.h"

#include <gtest/gtest.h>

#include <string>

namespace candor {
namespace {

class UsedUpTest : public testing::Test {
 protected:
  // Readings a second apart: u: used up, f: free ones, o: another fault, n: they were not read.
  bool Read(const std::string& readings) {
    for (const char c : readings) {
      LocalFault f;
      f.at = Time(FromSeconds(++now_));
      f.code = c == 'u' ? "descriptors_exhausted" : c == 'o' ? "frozen" : "";
      f.descriptors_read = c != 'n';
      f.text = std::to_string(now_);
      used_up_.Observe(f);
    }
    return static_cast<bool>(used_up_);
  }
  UsedUp used_up_;
  int now_ = 100;
};

TEST_F(UsedUpTest, HoldsWhereHalfOfTheReadingsShowItAfterOthersThatDidNot) {
  EXPECT_FALSE(Read("fffffffffff"));
  EXPECT_FALSE(Read("uuuu"));
  EXPECT_TRUE(Read("u"));
  EXPECT_TRUE(Read("fufufufufufu")) << "calls that end leave some";
  EXPECT_EQ(used_up_.fault().text, std::to_string(now_));
  EXPECT_TRUE(Read("ffff"));
  EXPECT_FALSE(Read("ffffffff"));
  EXPECT_TRUE(Read("uuuuu")) << "and again";
}

TEST_F(UsedUpTest, IsNoNewsWhereNoneWereFreeBefore) {
  EXPECT_FALSE(Read("uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu"));
  EXPECT_FALSE(Read("ffffuuuuuuuuuuuuuuufffuuuuuuuuuu"));
}

TEST_F(UsedUpTest, AMomentIsNothing) { EXPECT_FALSE(Read("ffffffuuuufffffffuuuuffffffff")); }

TEST_F(UsedUpTest, WhatNamesAnotherFaultTellsNothingOfDescriptors) {
  EXPECT_FALSE(Read("ooooooooouuuuuuuuu"));
  EXPECT_FALSE(Read("nnnnnnnnnuuuuuuuuu"));
  EXPECT_TRUE(Read("fffffuuuuu"));
  EXPECT_TRUE(Read("oooooooooooooooooooo"));
}

}  // namespace
}  // namespace candor
