// SPDX-License-Identifier: Apache-2.0
#include "evidence/attempt_queue.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

AttemptRecord At(uint64_t id, int ms) {
  AttemptRecord r;
  r.id = id;
  r.start = Time(std::chrono::milliseconds(ms));
  return r;
}

TEST(AttemptQueue, KeepsAttemptsInOrderOfArrivalWhateverTheOrderOfEvents) {
  AttemptQueue queue(10);
  queue.Insert(At(3, 30));
  queue.Insert(At(1, 10));
  queue.Insert(At(4, 20));
  queue.Insert(At(2, 20));
  std::vector<uint64_t> ids;
  for (const AttemptRecord& r : queue.records()) ids.push_back(r.id);
  EXPECT_EQ(ids, (std::vector<uint64_t>{1, 2, 4, 3}));
  for (const uint64_t id : ids) EXPECT_EQ(queue.Find(id)->id, id);
}

TEST(AttemptQueue, RefusesAnIdThatIsPresentAndForgetsOneThatLeft) {
  AttemptQueue queue(10);
  ASSERT_NE(queue.Insert(At(1, 10)), nullptr);
  EXPECT_EQ(queue.Insert(At(1, 20)), nullptr);
  EXPECT_EQ(queue.size(), 1u);
  queue.PopFront();
  EXPECT_EQ(queue.Find(1), nullptr);
  EXPECT_TRUE(queue.empty());
}

TEST(AttemptQueue, FindsEverythingAfterThousandsHavePassedThrough) {
  AttemptQueue queue(100);
  for (uint64_t id = 1; id <= 5000; ++id) {
    if (queue.full()) queue.PopFront();
    ASSERT_NE(queue.Insert(At(id, static_cast<int>(id))), nullptr);
  }
  EXPECT_EQ(queue.size(), 100u);
  for (uint64_t id = 4901; id <= 5000; ++id) ASSERT_EQ(queue.Find(id)->id, id);
  EXPECT_EQ(queue.Find(4900), nullptr);
}

}  // namespace
}  // namespace candor
