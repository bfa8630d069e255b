// SPDX-License-Identifier: Apache-2.0
#include "status/load_meter.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(LoadMeter, MeasuresOverItsWindow) {
  CpuTime cpu{0, 0};
  LoadMeter meter([&] { return cpu; });
  Snapshot s;
  for (int second = 1; second <= 100; ++second) {
    s.verdict.at = Time(std::chrono::seconds(second));
    s.counts.attempts += second <= 50 ? 100 : 10;
    s.counts.stalled[CANDOR_WAITING_ON_NODE] += second <= 50 ? 0 : 4;
    cpu.busy += 1;
    cpu.all += 4;
    (void)meter.Measure(s);
  }
  const Load load = meter.Measure(s);
  EXPECT_NEAR(load.attempts_per_second, 10, 0.01);
  EXPECT_NEAR(load.failed_per_second, 4, 0.01);
  EXPECT_NEAR(load.cpu, 0.25, 0.001);
}

}  // namespace
}  // namespace candor
