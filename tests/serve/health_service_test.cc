// SPDX-License-Identifier: Apache-2.0
#include "serve/health_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "status/health_names.h"
#include "tests/serve/harness.h"

namespace candor {
namespace {

using testing::HasSubstr;

constexpr auto kYes = HealthResponse::SERVING;
constexpr auto kNo = HealthResponse::NOT_SERVING;

class HealthServiceTest : public Served {};

TEST_F(HealthServiceTest, AnswersEveryNameWithNoBeforeThereIsAnyEvidence) {
  for (const std::string_view name : kHealthServiceNames) EXPECT_EQ(StatusOf(std::string(name)), kNo) << name;
}

struct Row {
  Snapshot snapshot;
  HealthResponse::ServingStatus effective, self, sensor;
};

TEST_F(HealthServiceTest, ChecksEveryNameByTheContract) {
  const std::vector<Row> rows = {
      {SnapshotOf(State::kHealthy), kYes, kYes, kYes},
      {SnapshotOf(State::kDegraded), kYes, kYes, kYes},
      {SnapshotOf(State::kProbation), kYes, kYes, kYes},
      {SnapshotOf(State::kUnknown), kYes, kYes, kYes},
      {SnapshotOf(State::kUnknown, SelfAnswer::kNotConfigured), kYes, kYes, kYes},
      {SnapshotOf(State::kUnknown, SelfAnswer::kPending), kNo, kNo, kYes},
      {SnapshotOf(State::kFailing), kNo, kYes, kYes},
      {SnapshotOf(State::kDraining), kNo, kYes, kYes},
      {SnapshotOf(State::kHealthy, SelfAnswer::kDown), kNo, kNo, kYes},
      {SnapshotOf(State::kHealthy, SelfAnswer::kUnreachable), kNo, kNo, kYes},
      {BlindSnapshot(State::kHealthy), kYes, kYes, kNo},
      {BlindSnapshot(State::kFailing), kYes, kYes, kNo},
      {BlindSnapshot(State::kHealthy, SelfAnswer::kDown), kNo, kNo, kNo},
      {BlindSnapshot(State::kDraining), kNo, kYes, kNo},
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    snapshots_.Publish(rows[i].snapshot);
    EXPECT_EQ(StatusOf(""), rows[i].effective) << "row " << i;
    EXPECT_EQ(StatusOf("media"), rows[i].effective) << "row " << i;
    EXPECT_EQ(StatusOf("candor.v1.NodeHealth"), rows[i].effective) << "row " << i;
    EXPECT_EQ(StatusOf("self"), rows[i].self) << "row " << i;
    EXPECT_EQ(StatusOf("sensor"), rows[i].sensor) << "row " << i;
  }
}

TEST_F(HealthServiceTest, CheckOfAnUnknownNameIsNotFoundAndNamesTheKnownOnes) {
  HealthResponse response;
  const grpc::Status status = Check("unknown", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("\"unknown\""));
  EXPECT_THAT(status.error_message(), HasSubstr("\"sensor\""));
}

TEST_F(HealthServiceTest, CheckOfAnEndlessNameDoesNotSendItBack) {
  HealthResponse response;
  const grpc::Status status = Check(std::string(30'000, 'x'), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("of 30000 bytes"));
  EXPECT_LT(status.error_message().size(), 300u);
}

TEST_F(HealthServiceTest, ListHoldsEveryNameAndItsStatus) {
  snapshots_.Publish(BlindSnapshot(State::kHealthy));
  Call call;
  grpc::health::v1::HealthListResponse response;
  ASSERT_TRUE(health_->List(&call.context, {}, &response).ok());
  ASSERT_EQ(response.statuses().size(), kHealthServiceNames.size());
  EXPECT_EQ(response.statuses().at("").status(), kYes);
  EXPECT_EQ(response.statuses().at("media").status(), kYes);
  EXPECT_EQ(response.statuses().at("self").status(), kYes);
  EXPECT_EQ(response.statuses().at("sensor").status(), kNo);
  EXPECT_EQ(response.statuses().at("candor.v1.NodeHealth").status(), kYes);
}

TEST_F(HealthServiceTest, WatchSendsTheStatusOfEveryNameAndItsChanges) {
  for (const std::string_view name : kHealthServiceNames) {
    snapshots_.Publish(BlindSnapshot(State::kFailing, SelfAnswer::kDown));
    Call call;
    HealthReader reader = Watch(call, std::string(name));
    EXPECT_EQ(Next(reader), kNo) << name;
    snapshots_.Publish(SnapshotOf(State::kHealthy));
    EXPECT_EQ(Next(reader), kYes) << name;
    snapshots_.Publish(BlindSnapshot(State::kFailing, SelfAnswer::kDown));
    EXPECT_EQ(Next(reader), kNo) << name;
    call.context.TryCancel();
  }
}

TEST_F(HealthServiceTest, WatchIsSilentWhenItsOwnStatusDoesNotChange) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  Call call;
  HealthReader reader = Watch(call, "");
  EXPECT_EQ(Next(reader), kYes);
  snapshots_.Publish(SnapshotOf(State::kDegraded));  // changes the state, not the status
  snapshots_.Publish(SnapshotOf(State::kProbation));
  snapshots_.Publish(SnapshotOf(State::kFailing));
  EXPECT_EQ(Next(reader), kNo);  // and not a second kYes
}

TEST_F(HealthServiceTest, WatchOfAnUnknownNameIsServiceUnknownAndStaysOpen) {
  Call call(std::chrono::milliseconds(300));
  HealthReader reader = Watch(call, "unknown");
  EXPECT_EQ(Next(reader), HealthResponse::SERVICE_UNKNOWN);
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  HealthResponse more;
  EXPECT_FALSE(reader->Read(&more));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

}  // namespace
}  // namespace candor
