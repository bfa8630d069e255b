// SPDX-License-Identifier: Apache-2.0
// Calls that have run for longer than an early drop, and which of them the node has muted.
#include "attempt/running_service.h"

#include <gtest/gtest.h>

#include "calls.h"

namespace candor {
namespace {

constexpr double kLong = 45;  // s: beyond an early drop

// The services reported by kRunning, without repetitions.
std::vector<Service> Reported(const Scene& s) {
  std::vector<Service> out;
  for (const AttemptEvent& e : s.events()) {
    if (e.kind == AttemptEvent::Kind::kRunning && (out.empty() || out.back() != e.service))
      out.push_back(e.service);
  }
  return out;
}

Time OneWaySince(Scene& s) { return s.tracker().Flows(10).front().one_way_since; }

TEST(RunningService, ACallThatTheNodeMutesIsReportedOnceItIsSilentForEightSeconds) {
  Scene s;
  Call call(1);
  Go(s, kLong, [&] { call.Both(s); });
  EXPECT_EQ(Reported(s), std::vector{Service::kBothWays});
  Go(s, 6, [&] { call.In(s); });
  EXPECT_EQ(OneWaySince(s), Time{});
  Go(s, 6, [&] { call.In(s); });
  EXPECT_EQ(Reported(s), (std::vector{Service::kBothWays, Service::kNodeSilent}));
  EXPECT_NE(OneWaySince(s), Time{});
  EXPECT_EQ(OneWaySince(s), s.events().back().one_way_since);
}

TEST(RunningService, ItIsOverWhenTheNodeSendsAgainOrThePeerStops) {
  for (const bool resumes : {true, false}) {
    Scene s;
    Call call(1);
    Go(s, kLong, [&] { call.Both(s); });
    Go(s, 15, [&] { call.In(s); });
    Go(s, 8, [&] {
      if (resumes) call.Both(s);
    });
    EXPECT_EQ(Reported(s).back(), resumes ? Service::kBothWays : Service::kUnknown);
    EXPECT_EQ(OneWaySince(s), Time{});
  }
}

// A listener of a room whose speakers have stopped still sends its receiver reports.
TEST(RunningService, APeerThatSendsReportsOnlyIsNotOwedAnything) {
  Scene s;
  Call call(1);
  Go(s, kLong, [&] { call.Both(s).Reports(s); });
  for (int i = 0; i < 20; ++i) {
    s.In(call.rtcp(), Rtcp(1001));
    s.Wait(1);
  }
  EXPECT_EQ(Reported(s), (std::vector{Service::kBothWays})) << "silence of the node is not reported";
}

TEST(RunningService, ANodeThatStillSendsReportsIsNotSilent) {
  Scene s;
  Call call(1);
  Go(s, kLong, [&] { call.Both(s); });
  Go(s, 20, [&] { call.In(s).Reports(s); });
  EXPECT_EQ(Reported(s), std::vector{Service::kBothWays});
}

}  // namespace
}  // namespace candor
