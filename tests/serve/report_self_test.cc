// SPDX-License-Identifier: Apache-2.0
#include "serve/report_self.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class ReportSelfTest : public testing::Test {
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

TEST_F(ReportSelfTest, IsAcceptedOnlyFromPeersThatTheSettingAllows) {
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

TEST_F(ReportSelfTest, RefusesInvalidRequests) {
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
