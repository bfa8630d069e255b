// SPDX-License-Identifier: Apache-2.0
#include "serve/admin_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/serve/harness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;

class AdminTest : public Served {
 protected:
  void SetUp() override {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    hooks_.reload = [this] { return reload_; };
    hooks_.reset_baseline = [this]() -> Result<std::string> {
      ++resets_;
      return std::string();
    };
    hooks_.apply_override = [this](const OverrideChange& change, bool allow_unsaved) -> Result<std::string> {
      in_force_when_saved_ = snapshots_.Read()->overrides;
      if (!disk_error_.empty() && !allow_unsaved) return Fail(disk_error_);
      change(saved_);
      snapshots_.ApplyOverrides(change);
      return disk_error_;
    };
    hooks_.on_operator_action = [this](const Transition& t) { actions_.push_back(t.action); };
    snapshots_.Subscribe([this](const SnapshotPtr& s) { history_.OnChange(*s); });
    ServeOptions options{.grpc_listen = {"127.0.0.1:0"}};
    options.admin_socket = folder_ + "/admin.sock";
    options.health_only_listen = {"127.0.0.1:0"};
    options.longest_override = 1h;
    StartServer(options);
    admin_ = v1::Admin::NewStub(NewChannel("unix:" + options.admin_socket));
    Snapshot s = SnapshotOf(State::kHealthy);
    s.verdict.at = MonotonicNow();
    s.to_wall =
        WallTime(std::chrono::system_clock::now()).time_since_epoch() - s.verdict.at.time_since_epoch();
    s.to_boot = SinceBoot() - s.verdict.at.time_since_epoch();
    snapshots_.Publish(s);
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  static v1::SetOverrideRequest Override(v1::State state, int64_t seconds,
                                         const std::string& reason = "test") {
    v1::SetOverrideRequest request;
    request.set_state(state);
    request.set_reason(reason);
    request.mutable_limit()->set_seconds(seconds);
    return request;
  }
  grpc::Status Set(const v1::SetOverrideRequest& request, v1::AdminResponse* response) {
    Call call;
    return admin_->SetOverride(&call.context, request, response);
  }
  grpc::Status Drain(const std::string& reason) {
    Call call;
    v1::DrainRequest request;
    request.set_reason(reason);
    v1::AdminResponse response;
    return admin_->Drain(&call.context, request, &response);
  }

  std::string folder_;
  std::unique_ptr<v1::Admin::Stub> admin_;
  tl::expected<ReloadOutcome, std::vector<std::string>> reload_;
  int resets_ = 0;
  std::string disk_error_;  // of every write from now on
  Overrides saved_;
  Overrides in_force_when_saved_;
  std::vector<std::string> actions_;
};

TEST_F(AdminTest, ADrainIsAnsweredOnceItIsInForceAndRecordsTheCaller) {
  ASSERT_TRUE(Drain("kernel update").ok());
  EXPECT_EQ(StatusOf("media"), HealthResponse::NOT_SERVING);
  EXPECT_EQ(snapshots_.Read()->shown().state, State::kDraining);
  const auto newest = history_.Newest(2, 0);
  ASSERT_EQ(newest.size(), 2u);
  EXPECT_EQ(newest[1].action, "drain");
  EXPECT_EQ(newest[1].detail, "kernel update");
  EXPECT_THAT(newest[1].by, MatchesRegex(".* \\(uid " + std::to_string(::getuid()) + ", pid " +
                                         std::to_string(::getpid()) + "\\)"));
  Call call;
  v1::AdminResponse response;
  ASSERT_TRUE(admin_->Undrain(&call.context, {}, &response).ok());
  EXPECT_EQ(response.verdict().state(), v1::HEALTHY);
  EXPECT_EQ(StatusOf("media"), HealthResponse::SERVING);
  EXPECT_THAT(actions_, testing::ElementsAre("drain", "undrain"));
}

TEST_F(AdminTest, AnOverrideShowsCallerReasonAndEndAndIsCleared) {
  v1::AdminResponse response;
  ASSERT_TRUE(Set(Override(v1::FAILING, 60, "broken fan"), &response).ok());
  EXPECT_EQ(response.verdict().state(), v1::FAILING);
  EXPECT_FALSE(response.verdict().serving());
  EXPECT_EQ(response.verdict().state_override().reason(), "broken fan");
  EXPECT_EQ(response.verdict().state_override().until().seconds() -
                response.verdict().state_override().since().seconds(),
            60);
  EXPECT_EQ(response.verdict().without_overrides(), v1::HEALTHY);
  Call call;
  ASSERT_TRUE(admin_->ClearOverride(&call.context, {}, &response).ok());
  EXPECT_TRUE(response.verdict().serving());
  EXPECT_FALSE(response.verdict().has_state_override());
}

TEST_F(AdminTest, AnOverrideIsSavedBeforeItIsInForceAndInForceBeforeItIsAnswered) {
  ASSERT_TRUE(Drain("kernel update").ok());
  EXPECT_FALSE(in_force_when_saved_.drain);
  ASSERT_TRUE(saved_.drain);
  EXPECT_EQ(saved_.drain, snapshots_.Read()->overrides.drain);
  Call call;
  v1::AdminResponse response;
  ASSERT_TRUE(admin_->Undrain(&call.context, {}, &response).ok());
  EXPECT_TRUE(in_force_when_saved_.drain);
  EXPECT_FALSE(saved_.drain);
  EXPECT_EQ(response.not_persisted_reason(), "");
}

TEST_F(AdminTest, AnOverrideThatCannotBeSavedIsRefusedWithTheReason) {
  disk_error_ = "cannot write /var/lib/candor/state.new: No space left on device";
  const grpc::Status status = Drain("kernel update");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("the override is NOT in force: " + disk_error_));
  v1::AdminResponse response;
  EXPECT_EQ(Set(Override(v1::FAILING, 60), &response).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_FALSE(snapshots_.Read()->overrides.any());
  EXPECT_EQ(StatusOf("media"), HealthResponse::SERVING);
  EXPECT_EQ(history_.Newest(1, 0)[0].detail, "refused, not in force: " + disk_error_);
}

TEST_F(AdminTest, WithAllowUnsavedAnOverrideIsInForceWithTheReason) {
  disk_error_ = "cannot write /var/lib/candor/state.new: Read-only file system";
  Call call;
  v1::DrainRequest request;
  request.set_reason("kernel update");
  request.set_allow_unsaved(true);
  v1::AdminResponse response;
  ASSERT_TRUE(admin_->Drain(&call.context, request, &response).ok());
  EXPECT_EQ(response.not_persisted_reason(), disk_error_);
  EXPECT_EQ(response.verdict().state(), v1::DRAINING);
}

TEST_F(AdminTest, AnAnswerHasTheClockOfItsTimes) {
  v1::AdminResponse response;
  ASSERT_TRUE(Set(Override(v1::FAILING, 3600), &response).ok());
  const int64_t left =
      response.verdict().state_override().until().seconds() - response.verdict().now().seconds();
  EXPECT_GE(left, 3590);
  EXPECT_LE(left, 3600);
}

TEST_F(AdminTest, RefusesInvalidOverrides) {
  v1::AdminResponse response;
  v1::SetOverrideRequest unlimited = Override(v1::HEALTHY, 1);
  unlimited.clear_limit();
  struct Bad {
    v1::SetOverrideRequest request;
    const char* why;
  };
  const Bad all[] = {{unlimited, "limit is missing; expected 1 s to 3600 s"},
                     {Override(v1::HEALTHY, 0), "limit is 0 s"},
                     {Override(v1::HEALTHY, 3601), "admin.longest_override"},
                     {Override(v1::HEALTHY, 60, ""), "reason is empty"},
                     {Override(v1::HEALTHY, 60, "a\nb"), "control characters"},
                     {Override(v1::HEALTHY, 60, std::string(201, 'x')), "at most 200"},
                     {Override(v1::BLIND, 60), "state is BLIND; expected HEALTHY"},
                     {Override(static_cast<v1::State>(99), 60), "expected HEALTHY"}};
  for (const Bad& bad : all) {
    const grpc::Status status = Set(bad.request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << bad.why;
    EXPECT_THAT(status.error_message(), HasSubstr(bad.why));
  }
  EXPECT_FALSE(snapshots_.Read()->overrides.any());
  EXPECT_TRUE(actions_.empty());
  server_->SetLongestOverride(2h);
  EXPECT_TRUE(Set(Override(v1::HEALTHY, 3601), &response).ok());
}

TEST_F(AdminTest, AReloadListsItsSettingsAndTheErrorsOfAnInvalidFile) {
  reload_ = ReloadOutcome{"/etc/candor/candor.yaml", {"log_level: info -> debug"}, {"ports: 1-2 -> 1-3"}, {}};
  Call good, bad;
  v1::ReloadResponse response;
  ASSERT_TRUE(admin_->Reload(&good.context, {}, &response).ok());
  EXPECT_EQ(response.applied(0), "log_level: info -> debug");
  EXPECT_EQ(response.restart(0), "ports: 1-2 -> 1-3");
  reload_ = tl::make_unexpected(std::vector<std::string>{"candor.yaml:2:1: unknown setting 'frehs'"});
  const grpc::Status status = admin_->Reload(&bad.context, {}, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("candor.yaml:2:1"));
  EXPECT_THAT(history_.Newest(1, 0)[0].detail, HasSubstr("refused, nothing has changed"));
}

TEST_F(AdminTest, AResetOfTheBaselineIsRecorded) {
  Call call;
  v1::AdminResponse response;
  ASSERT_TRUE(admin_->ResetBaseline(&call.context, {}, &response).ok());
  EXPECT_EQ(resets_, 1);
  EXPECT_THAT(actions_, testing::ElementsAre("reset_baseline"));
}

TEST_F(AdminTest, IsOnTheAdminSocketOnlyWhichServesTheOthersToo) {
  Call call, other, third;
  v1::AdminResponse response;
  EXPECT_EQ(v1::Admin::NewStub(channel_)->Undrain(&call.context, {}, &response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  v1::Info info;
  const auto at_socket = v1::NodeHealth::NewStub(NewChannel("unix:" + folder_ + "/admin.sock"));
  ASSERT_TRUE(at_socket->GetInfo(&other.context, {}, &info).ok());
  EXPECT_EQ(info.admin_listening(), "unix:" + folder_ + "/admin.sock");
  struct stat st {};
  ASSERT_EQ(::stat((folder_ + "/admin.sock").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0660u);
  server_.reset();
  EXPECT_NE(::stat((folder_ + "/admin.sock").c_str(), &st), 0) << "it is removed at the end";
}

TEST_F(AdminTest, TheHealthOnlyPortHasNoOtherService) {
  ASSERT_EQ(server_->health_only().size(), 1u);
  const auto channel = NewChannel(server_->health_only().front());
  Call call, other;
  HealthResponse response;
  ASSERT_TRUE(grpc::health::v1::Health::NewStub(channel)->Check(&call.context, {}, &response).ok());
  EXPECT_EQ(response.status(), HealthResponse::SERVING);
  v1::Verdict verdict;
  EXPECT_EQ(v1::NodeHealth::NewStub(channel)->GetVerdict(&other.context, {}, &verdict).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(AdminTest, ASecondDaemonDoesNotTakeTheSocketAway) {
  ServeOptions options{.grpc_listen = {"127.0.0.1:0"}};
  options.admin_socket = folder_ + "/admin.sock";
  const auto second = Server::Start(options, {snapshots_, history_, self_reports_}, {});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another process listens there already"));
  EXPECT_TRUE(Drain("still there").ok());
}

}  // namespace
}  // namespace candor
