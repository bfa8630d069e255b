// SPDX-License-Identifier: Apache-2.0
#include "selfreport/self_report_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "selfreport/self_report.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Kind = SelfReportOptions::Kind;
using testing::HasSubstr;

SelfReportOptions Of(Kind kind, std::string target) {
  SelfReportOptions o;
  o.kind = kind;
  o.target = std::move(target);
  return o;
}

std::string Complaint(const SelfReportOptions& o) {
  const auto ok = Validate(o);
  return ok ? "" : ok.error().message;
}

TEST(SelfReportOptions, AcceptsWhatAnOperatorWouldWrite) {
  EXPECT_EQ(Complaint({}), "");
  EXPECT_EQ(Complaint(Of(Kind::kHttp, "http://127.0.0.1:7880/")), "");
  EXPECT_EQ(Complaint(Of(Kind::kHttp, "https://[::1]:8080/health?full=1")), "");
  EXPECT_EQ(Complaint(Of(Kind::kHttp, "http://localhost")), "");
  EXPECT_EQ(Complaint(Of(Kind::kGrpc, "127.0.0.1:50051")), "");
  EXPECT_EQ(Complaint(Of(Kind::kGrpc, "unix:/run/node.sock")), "");
  EXPECT_EQ(Complaint(Of(Kind::kGrpc, "dns:///node.example:50051")), "");
}

TEST(SelfReportOptions, RefusesInvalidTargets) {
  EXPECT_THAT(Complaint(Of(Kind::kHttp, "")), HasSubstr("empty"));
  EXPECT_THAT(Complaint(Of(Kind::kHttp, "127.0.0.1:7880")), HasSubstr("expected one like http://"));
  EXPECT_THAT(Complaint(Of(Kind::kHttp, "file:///etc/passwd")), HasSubstr("'file:///etc/passwd'"));
  EXPECT_THAT(Complaint(Of(Kind::kHttp, "http:///path")), HasSubstr("is not a URL"));
  EXPECT_THAT(Complaint(Of(Kind::kHttp, "http://:80/")), HasSubstr("is not a URL"));
  EXPECT_THAT(Complaint(Of(Kind::kHttp, "http://a b/")), HasSubstr("space"));
  EXPECT_THAT(Complaint(Of(Kind::kGrpc, "http://127.0.0.1:50051")), HasSubstr("is not a gRPC target"));
  EXPECT_THAT(Complaint(Of(Kind::kGrpc, "localhost")), HasSubstr("is not a gRPC target"));
  EXPECT_THAT(Complaint(Of(Kind::kGrpc, "localhost:")), HasSubstr("is not a gRPC target"));
  EXPECT_THAT(Complaint(Of(Kind::kNone, "http://127.0.0.1/")), HasSubstr("kind is none"));
}

TEST(SelfReportOptions, RefusesCredentialsWithoutRepeatingThem) {
  const std::string complaint = Complaint(Of(Kind::kHttp, "http://admin:hunter2@127.0.0.1/"));
  EXPECT_THAT(complaint, HasSubstr("credentials"));
  EXPECT_THAT(complaint, Not(HasSubstr("hunter2")));
  EXPECT_EQ(Complaint(Of(Kind::kHttp, "http://127.0.0.1/@me")), "");
}

TEST(SelfReportOptions, RefusesTimesOutsideTheirRange) {
  auto o = Of(Kind::kHttp, "http://127.0.0.1/");
  o.interval = 99ms;
  EXPECT_THAT(Complaint(o), HasSubstr("interval is 0.099 s; expected 0.1 s to 3600 s"));
  o.interval = 100ms;
  EXPECT_EQ(Complaint(o), "");
  o.timeout = 0ms;
  EXPECT_THAT(Complaint(o), HasSubstr("timeout is 0 s"));
  o.timeout = 61s;
  EXPECT_THAT(Complaint(o), HasSubstr("timeout is 61 s; expected 0.01 s to 60 s"));
}

TEST(SelfReportOptions, RefusesAServiceWhereThereAreNone) {
  auto o = Of(Kind::kHttp, "http://127.0.0.1/");
  o.service = "media";
  EXPECT_THAT(Complaint(o), HasSubstr("only grpc"));
}

TEST(SelfReport, CountsAsServingOnlyWhenItIsOkOrNotConfigured) {
  const auto serving = [](SelfAnswer a) {
    SelfReport r;
    r.answer = a;
    return r.serving();
  };
  EXPECT_TRUE(serving(SelfAnswer::kNotConfigured));
  EXPECT_TRUE(serving(SelfAnswer::kOk));
  EXPECT_FALSE(serving(SelfAnswer::kPending));
  EXPECT_FALSE(serving(SelfAnswer::kDown));
  EXPECT_FALSE(serving(SelfAnswer::kUnreachable));
}

TEST(SelfReport, NamesItsAnswers) {
  EXPECT_EQ(Name(SelfAnswer::kNotConfigured), "not_configured");
  EXPECT_EQ(Name(SelfAnswer::kPending), "pending");
  EXPECT_EQ(Name(SelfAnswer::kOk), "ok");
  EXPECT_EQ(Name(SelfAnswer::kDown), "down");
  EXPECT_EQ(Name(SelfAnswer::kUnreachable), "unreachable");
}

}  // namespace
}  // namespace candor
