// SPDX-License-Identifier: Apache-2.0
#include "status/self_report_aggregator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/peer_credentials.h"
#include "serve/report_self.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

SelfReport Says(SelfAnswer answer) {
  SelfReport r;
  r.answer = answer;
  return r;
}

TEST(SelfReportAggregator, WithoutPollerAndPushNothingIsConfigured) {
  const SelfReportAggregator self_reports(false, PushFrom::kOff, 10s, {});
  EXPECT_EQ(self_reports.Latest().answer, SelfAnswer::kNotConfigured);
}

TEST(SelfReportAggregator, BeforeTheFirstWordTheNodeIsPending) {
  EXPECT_EQ(SelfReportAggregator(true, PushFrom::kOff, 10s, {}).Latest().answer, SelfAnswer::kPending);
  EXPECT_EQ(SelfReportAggregator(false, PushFrom::kUnix, 10s, {}).Latest().answer, SelfAnswer::kPending);
}

TEST(SelfReportAggregator, TheWorseOfAskedAndPushedCounts) {
  const SelfAnswer answers[] = {SelfAnswer::kOk, SelfAnswer::kUnreachable, SelfAnswer::kDown};
  for (const SelfAnswer asked : answers) {
    for (const SelfAnswer pushed : {SelfAnswer::kOk, SelfAnswer::kDown}) {
      SelfReportAggregator self_reports(true, PushFrom::kUnix, 10s, {});
      self_reports.OnPolled(Says(asked));
      EXPECT_EQ(self_reports.Latest().answer, asked == SelfAnswer::kOk ? SelfAnswer::kPending : asked);
      const SelfReport counts = self_reports.OnPushed(Says(pushed), 10s, Time(1s));
      EXPECT_EQ(counts.serving(), asked == SelfAnswer::kOk && pushed == SelfAnswer::kOk);
      EXPECT_EQ(counts.answer, pushed == SelfAnswer::kDown ? pushed : asked);
    }
  }
}

TEST(SelfReportAggregator, APushedReportGrowsStale) {
  std::vector<SelfAnswer> told;
  SelfReportAggregator self_reports(false, PushFrom::kUnix, 10s,
                                    [&](const SelfReport& r) { told.push_back(r.answer); });
  self_reports.OnPushed(Says(SelfAnswer::kOk), 1h, Time(100s));
  self_reports.Tick(Time(109s));
  EXPECT_EQ(self_reports.Latest().answer, SelfAnswer::kOk);
  self_reports.Tick(Time(110s));
  EXPECT_EQ(self_reports.Latest().answer, SelfAnswer::kUnreachable);
  EXPECT_EQ(self_reports.Latest().detail, "the node has not reported again since it said ok");
  self_reports.Tick(Time(111s));
  self_reports.OnPushed(Says(SelfAnswer::kDown), 2s, Time(112s));
  self_reports.Tick(Time(114s));
  EXPECT_EQ(told, (std::vector<SelfAnswer>{SelfAnswer::kOk, SelfAnswer::kUnreachable, SelfAnswer::kDown,
                                           SelfAnswer::kUnreachable}));
}

class SelfPushTest : public testing::Test {
 protected:
  static grpc::Status Push(PushFrom from, const char* peer, const v1::ReportSelfRequest& request) {
    SelfReportAggregator self_reports(false, from, 10s, {});
    v1::ReportSelfResponse response;
    return AcceptSelfReport(self_reports, peer, request, Time(1s), {}, &response);
  }
  static v1::ReportSelfRequest Ok() {
    v1::ReportSelfRequest request;
    request.set_answer(v1::SelfReport::OK);
    return request;
  }
};

TEST_F(SelfPushTest, IsTakenOnlyFromWhereTheSettingAllows) {
  EXPECT_EQ(Push(PushFrom::kOff, "unix:", Ok()).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(Push(PushFrom::kUnix, "unix:", Ok()).ok());
  EXPECT_TRUE(Push(PushFrom::kUnix, "fd:17", Ok()).ok());
  EXPECT_EQ(Push(PushFrom::kUnix, "ipv4:127.0.0.1:4711", Ok()).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  for (const char* peer : {"ipv4:127.0.0.1:4711", "ipv6:[::1]:4711", "ipv6:%5B::1%5D:4711",
                           "unix:", "ipv6:[::ffff:127.0.0.1]:4711"}) {
    EXPECT_TRUE(Push(PushFrom::kLoopback, peer, Ok()).ok()) << peer;
  }
  for (const char* peer : {"ipv4:192.0.2.1:4711", "ipv6:[2001:db8::1]:4711", "nonsense", ""}) {
    EXPECT_EQ(Push(PushFrom::kLoopback, peer, Ok()).error_code(), grpc::StatusCode::PERMISSION_DENIED)
        << peer;
  }
}

TEST_F(SelfPushTest, RefusesWhatNoNodeCanSay) {
  v1::ReportSelfRequest request = Ok();
  request.set_answer(v1::SelfReport::UNREACHABLE);
  EXPECT_THAT(Push(PushFrom::kUnix, "unix:", request).error_message(), HasSubstr("expected OK or DOWN"));
  request = Ok();
  request.set_detail(std::string(201, 'x'));
  EXPECT_THAT(Push(PushFrom::kUnix, "unix:", request).error_message(), HasSubstr("at most 200"));
  request = Ok();
  request.mutable_valid_for()->set_seconds(-1);
  EXPECT_THAT(Push(PushFrom::kUnix, "unix:", request).error_message(), HasSubstr("not above zero"));
}

}  // namespace
}  // namespace candor
