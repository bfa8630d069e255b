// SPDX-License-Identifier: Apache-2.0
#include "serve/orca_service.h"

#include <gtest/gtest.h>

#include "tests/serve/harness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using xds::data::orca::v3::OrcaLoadReport;
using xds::service::orca::v3::OpenRcaService;
using xds::service::orca::v3::OrcaLoadReportRequest;

// As clients weigh it (gRFC A58), with an error utilization penalty of 1.
double WeightOf(const OrcaLoadReport& r) {
  return r.rps_fractional() / (r.cpu_utilization() + r.eps() / r.rps_fractional());
}

TEST(Orca, TheContractsColumn) {
  const Load load{10, 2, 0.5};
  const auto healthy = OrcaReport(State::kHealthy, load);
  ASSERT_TRUE(healthy);
  EXPECT_EQ(healthy->rps_fractional(), 10);
  EXPECT_EQ(healthy->eps(), 2);
  EXPECT_EQ(healthy->cpu_utilization(), 0.5);
  EXPECT_EQ(OrcaReport(State::kDegraded, load)->eps(), 2);
  EXPECT_EQ(OrcaReport(State::kDraining, load)->eps(), 2);
  const auto failing = OrcaReport(State::kFailing, load);
  EXPECT_EQ(failing->eps(), failing->rps_fractional());
  EXPECT_LT(WeightOf(*OrcaReport(State::kProbation, load)),
            WeightOf(*OrcaReport(State::kHealthy, {10, 0, 0.5})) / 20);
  EXPECT_FALSE(OrcaReport(State::kUnknown, load));
  EXPECT_FALSE(OrcaReport(State::kBlind, load));
}

TEST(Orca, AFailingNodeWithoutAttemptsReportsFailures) {
  const auto failing = OrcaReport(State::kFailing, {});
  EXPECT_GT(failing->eps(), 0);
  EXPECT_EQ(failing->eps(), failing->rps_fractional());
  EXPECT_GT(failing->cpu_utilization(), 0);
}

TEST_F(Served, AnOrcaStreamFollowsTheStateAndIsSilentWhileBlind) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  Call call;
  OrcaLoadReportRequest request;
  request.mutable_report_interval()->set_seconds(3600);
  const auto stub = OpenRcaService::NewStub(channel_);
  const auto reader = stub->StreamCoreMetrics(&call.context, request);
  OrcaLoadReport report;
  ASSERT_TRUE(reader->Read(&report));
  EXPECT_EQ(report.eps(), 0);
  snapshots_.Publish(BlindSnapshot(State::kHealthy));
  snapshots_.Publish(SnapshotOf(State::kFailing));
  ASSERT_TRUE(reader->Read(&report)) << "blindness was passed over";
  EXPECT_EQ(report.eps(), report.rps_fractional());
}

}  // namespace
}  // namespace candor
