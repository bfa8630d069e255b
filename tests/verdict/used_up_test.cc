// SPDX-License-Identifier: Apache-2.0
#include "verdict/used_up.h"

#include <gtest/gtest.h>

#include <string>

namespace candor {
namespace {

class UsedUpTest : public testing::Test {
 protected:
  // Readings a second apart: u: used up, f: free ones, n: they were not read, o: likewise, beside another
  // fault, O: used up beside another fault, c: nearly used up, g: no process is left.
  bool Read(const std::string& readings) {
    for (const char c : readings) {
      LocalFault f;
      f.at = Time(FromSeconds(++now_));
      const bool used_up = c == 'u' || c == 'O';
      if (c == 'u' || c == 'c') f.code = "descriptors_exhausted";
      if (c == 'o' || c == 'O') f.code = "frozen";
      if (c == 'g') f.code = "process_gone", f.whole = true;
      f.descriptors_read = c != 'n' && c != 'o' && c != 'g';
      f.text = "of the fault";
      if (used_up) f.no_descriptors = std::to_string(now_);
      used_up_.Observe(f);
    }
    return Holds();
  }
  bool Holds() const { return used_up_.Holds(Time(FromSeconds(now_))); }
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

TEST_F(UsedUpTest, WhereTheyWereNotReadNothingIsToldOfThem) {
  EXPECT_FALSE(Read("ooooooooouuuuuuuuu"));
  EXPECT_FALSE(Read("nnnnnnnnnuuuuuuuuu"));
  EXPECT_TRUE(Read("fffffuuuuu"));
  EXPECT_TRUE(Read("nonononono"));
}

TEST_F(UsedUpTest, EndsTenSecondsAfterTheLastReadingOfThem) {
  EXPECT_TRUE(Read("fffffuuuuu"));
  EXPECT_FALSE(Read("nnnnnnnnnnn"));
  EXPECT_TRUE(Read("uuuuu")) << "they are used up still";
  now_ += 11;
  EXPECT_FALSE(Holds()) << "without any reading";
}

TEST_F(UsedUpTest, EndsWithTheProcesses) {
  EXPECT_TRUE(Read("fffffuuuuu"));
  EXPECT_FALSE(Read("g"));
  EXPECT_FALSE(Read("fff"));
  EXPECT_TRUE(Read("fffuuuuuu"));
}

TEST_F(UsedUpTest, AnotherFaultBesideItChangesNeitherThatNorItsText) {
  EXPECT_TRUE(Read("fffffuuuuuOOOOOOOOOOOO"));
  EXPECT_EQ(used_up_.fault().code, "descriptors_exhausted");
  EXPECT_EQ(used_up_.fault().text, std::to_string(now_));
}

TEST_F(UsedUpTest, NearlyUsedUpIsNotUsedUp) { EXPECT_FALSE(Read("fffffcccccccccccccccccccc")); }

}  // namespace
}  // namespace candor
