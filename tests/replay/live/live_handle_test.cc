// SPDX-License-Identifier: Apache-2.0
#include "replay/live/live_handle.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(LiveFilter, TakesUdpAndThePortsThatWereNamed) {
  EXPECT_EQ(LiveFilter(0, 65535), "udp");
  EXPECT_EQ(LiveFilter(20000, 30000), "udp portrange 20000-30000");
}

}  // namespace
}  // namespace candor
