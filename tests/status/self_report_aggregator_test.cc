// SPDX-License-Identifier: Apache-2.0
#include "status/self_report_aggregator.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using namespace std::chrono_literals;

SelfReport ReportOf(SelfAnswer answer) {
  SelfReport r;
  r.answer = answer;
  return r;
}

TEST(SelfReportAggregator, WithoutPollerAndPushNothingIsConfigured) {
  const SelfReportAggregator self_reports(false, PushFrom::kOff, 10s, {});
  EXPECT_EQ(self_reports.Latest().answer, SelfAnswer::kNotConfigured);
}

TEST(SelfReportAggregator, IsPendingBeforeTheFirstReport) {
  EXPECT_EQ(SelfReportAggregator(true, PushFrom::kOff, 10s, {}).Latest().answer, SelfAnswer::kPending);
  EXPECT_EQ(SelfReportAggregator(false, PushFrom::kUnix, 10s, {}).Latest().answer, SelfAnswer::kPending);
}

TEST(SelfReportAggregator, TheWorseOfPolledAndPushedCounts) {
  const SelfAnswer answers[] = {SelfAnswer::kOk, SelfAnswer::kUnreachable, SelfAnswer::kDown};
  for (const SelfAnswer polled : answers) {
    for (const SelfAnswer pushed : {SelfAnswer::kOk, SelfAnswer::kDown}) {
      SelfReportAggregator self_reports(true, PushFrom::kUnix, 10s, {});
      self_reports.OnPolled(ReportOf(polled));
      EXPECT_EQ(self_reports.Latest().answer, polled == SelfAnswer::kOk ? SelfAnswer::kPending : polled);
      const SelfReport counts = self_reports.OnPushed(ReportOf(pushed), 10s, Time(1s));
      EXPECT_EQ(counts.serving(), polled == SelfAnswer::kOk && pushed == SelfAnswer::kOk);
      EXPECT_EQ(counts.answer, pushed == SelfAnswer::kDown ? pushed : polled);
    }
  }
}

TEST(SelfReportAggregator, APushedReportThatIsNotRenewedExpires) {
  std::vector<SelfAnswer> received;
  SelfReportAggregator self_reports(false, PushFrom::kUnix, 10s,
                                    [&](const SelfReport& r) { received.push_back(r.answer); });
  self_reports.OnPushed(ReportOf(SelfAnswer::kOk), 1h, Time(100s));
  self_reports.Tick(Time(109s));
  EXPECT_EQ(self_reports.Latest().answer, SelfAnswer::kOk);
  self_reports.Tick(Time(110s));
  EXPECT_EQ(self_reports.Latest().answer, SelfAnswer::kUnreachable);
  EXPECT_EQ(self_reports.Latest().detail, "not renewed in time; the last pushed report was ok");
  self_reports.Tick(Time(111s));
  self_reports.OnPushed(ReportOf(SelfAnswer::kDown), 2s, Time(112s));
  self_reports.Tick(Time(114s));
  EXPECT_EQ(received, (std::vector<SelfAnswer>{SelfAnswer::kOk, SelfAnswer::kUnreachable, SelfAnswer::kDown,
                                               SelfAnswer::kUnreachable}));
}

}  // namespace
}  // namespace candor
