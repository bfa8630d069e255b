// SPDX-License-Identifier: Apache-2.0
#include "flow/counters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace candor {
namespace {

TEST(Counters, EachHasItsOwnSnakeCaseNameAndASentence) {
  std::set<std::string_view> names;
  for (int i = 0; i < CANDOR_C_MAX; ++i) {
    const auto c = static_cast<candor_counter>(i);
    const std::string_view name = CounterName(c);
    EXPECT_FALSE(name.empty()) << "counter " << i << " has no name";
    EXPECT_TRUE(std::all_of(name.begin(), name.end(), [](char x) {
      return (x >= 'a' && x <= 'z') || x == '_';
    })) << name;
    EXPECT_TRUE(names.insert(name).second) << name << " names two counters";
    EXPECT_GT(CounterHelp(c).size(), 10U) << name;
  }
}

TEST(Counters, NamesStandInTheOrderOfTheAbi) {
  EXPECT_EQ(CounterName(CANDOR_C_PACKETS), "packets");
  EXPECT_EQ(CounterName(CANDOR_C_UNKNOWN), "unknown");
  EXPECT_EQ(CounterName(CANDOR_C_ATTRS_CUT), "stun_attributes_cut");
  EXPECT_EQ(CounterName(CANDOR_C_FRAGMENTS), "fragments");
  EXPECT_EQ(CounterName(CANDOR_C_FLOWS_FULL), "flows_refused");
  EXPECT_EQ(CounterName(CANDOR_C_RING_FULL), "events_lost");
  EXPECT_EQ(CounterName(CANDOR_C_INNER), "inner");
}

}  // namespace
}  // namespace candor
