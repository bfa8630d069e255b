// SPDX-License-Identifier: Apache-2.0
#include "evidence/places.h"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

namespace candor {
namespace {

TEST(Places, RefusesWhatIsThereAlreadyAndKeepsIt) {
  Places places;
  EXPECT_TRUE(places.Insert(7, 1));
  EXPECT_FALSE(places.Insert(7, 2));
  EXPECT_EQ(*places.Find(7), 1u);
  EXPECT_EQ(places.Find(8), nullptr);
  EXPECT_EQ(places.size(), 1u);
}

TEST(Places, ErasingWhatIsNotThereChangesNothing) {
  Places places;
  places.Insert(1, 10);
  places.Erase(2);
  EXPECT_EQ(places.size(), 1u);
  EXPECT_EQ(*places.Find(1), 10u);
}

// Against the library's map, with ids close together and far apart, most of them erased again.
TEST(Places, HoldsTheSameAsAMapAfterAnyInsertionsAndErasures) {
  std::mt19937_64 rng(5);
  Places places;
  std::unordered_map<uint64_t, uint64_t> want;
  for (uint64_t i = 0; i < 200'000; ++i) {
    const uint64_t id = rng() % 2 == 0 ? rng() % 700 : (rng() % 50) << 58;
    if (rng() % 2 == 0) {
      ASSERT_EQ(places.Insert(id, i), want.try_emplace(id, i).second);
    } else {
      places.Erase(id);
      want.erase(id);
    }
    const uint64_t* found = places.Find(id);
    ASSERT_EQ(found != nullptr, want.count(id) > 0) << id;
    if (found != nullptr) {
      ASSERT_EQ(*found, want[id]);
    }
  }
  EXPECT_EQ(places.size(), want.size());
  for (const auto& [id, place] : want) ASSERT_EQ(*places.Find(id), place);
}

}  // namespace
}  // namespace candor
