// SPDX-License-Identifier: Apache-2.0
#include "cli/render/override_text.h"

#include <gtest/gtest.h>

#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

TEST(OverrideLines, ShowEachOverrideAndTheStateWithout) {
  EXPECT_EQ(OverrideLines(OverriddenVerdict(), kNow, Style{}),
            "  !! DRAINED by root (uid 0, pid 7) 2 min ago: kernel update\n"
            "  !! OVERRIDDEN to HEALTHY by ops for 5 min more: " +
                std::string(kHostileShown) +
                "\n"
                "  without overrides: FAILING\n");
  EXPECT_EQ(OverrideLines(HealthyVerdict(), kNow, Style{}), "");
}

TEST(RenderAfterOverride, BeginsWithTheEffectiveAnswer) {
  EXPECT_EQ(RenderAfterOverride(HealthyVerdict(), kNow, Style{}), "SERVING   HEALTHY: ok\n");
}

}  // namespace
}  // namespace candor::cli
