// SPDX-License-Identifier: Apache-2.0
#include "cli/render/wall_time.h"

#include <gtest/gtest.h>

#include <limits>

namespace candor::cli {
namespace {

google::protobuf::Timestamp At(int64_t seconds, int32_t nanos) {
  google::protobuf::Timestamp t;
  t.set_seconds(seconds);
  t.set_nanos(nanos);
  return t;
}

TEST(WallTime, KeepsNanoseconds) {
  EXPECT_EQ(FromProto(At(5, 7)).time_since_epoch(), std::chrono::nanoseconds(5'000'000'007));
}

TEST(WallTime, ClampsWhatDoesNotFit) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(FromProto(At(kMost, 0)).time_since_epoch(), std::chrono::seconds(9'000'000'000));
  EXPECT_EQ(FromProto(At(kLeast, 0)).time_since_epoch(), std::chrono::seconds(-9'000'000'000));
  google::protobuf::Duration d;
  d.set_seconds(kLeast);
  d.set_nanos(std::numeric_limits<int32_t>::min());
  EXPECT_EQ(FromProto(d), std::chrono::seconds(-9'000'000'000) - std::chrono::nanoseconds(999'999'999));
}

}  // namespace
}  // namespace candor::cli
