// SPDX-License-Identifier: Apache-2.0
#include "evidence/exponential_decay.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(ExponentialDecay, KeepsAnEthPerMemoryWhateverCameBefore) {
  ExponentialDecay decay(10);
  for (const int seconds : {10, 0, 20, 20, 10})
    EXPECT_DOUBLE_EQ(decay.Keep(std::chrono::seconds(seconds)), std::exp(-seconds / 10.0));
}

}  // namespace
}  // namespace candor
