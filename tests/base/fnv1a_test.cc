// SPDX-License-Identifier: Apache-2.0
#include "base/fnv1a.h"

#include <gtest/gtest.h>

#include <array>

namespace candor {
namespace {

TEST(Fnv1a, GivesThePublishedValues) {
  EXPECT_EQ(Fnv1a32(""), 0x811c9dc5u);
  EXPECT_EQ(Fnv1a32("a"), 0xe40c292cu);
  EXPECT_EQ(Fnv1a32("foobar"), 0xbf9cf968u);
  EXPECT_EQ(Fnv1a64(""), 0xcbf29ce484222325u);
  EXPECT_EQ(Fnv1a64("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(Fnv1a64("foobar"), 0x85944171f73967e8u);
}

TEST(Fnv1a, ChainsCallsAndReadsBytes) {
  EXPECT_EQ(Fnv1a32("bar", Fnv1a32("foo")), Fnv1a32("foobar"));
  EXPECT_EQ(Fnv1a64("bar", Fnv1a64("foo")), Fnv1a64("foobar"));
  const std::array<uint8_t, 2> bytes = {0xff, 'a'};
  EXPECT_EQ(Fnv1a64(bytes), Fnv1a64("\xff"
                                    "a"));
}

}  // namespace
}  // namespace candor
