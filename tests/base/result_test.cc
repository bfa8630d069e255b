// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace candor {
namespace {

TEST(Result, AFailureSaysWhatWasWrongAndHasNoErrno) {
  const Result<int> r = Fail("expected a number");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().message, "expected a number");
  EXPECT_EQ(r.error().code, 0);
}

TEST(Result, AFailedSystemCallReadsAsOneSentenceAndKeepsItsErrno) {
  const Result<int> r = FailErrno("cannot open /x.yaml", ENOENT);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().message, "cannot open /x.yaml: No such file or directory");
  EXPECT_EQ(r.error().code, ENOENT);
}

TEST(Result, AValueIsAValue) {
  const Result<int> r = 7;
  ASSERT_TRUE(r);
  EXPECT_EQ(*r, 7);
}

}  // namespace
}  // namespace candor
