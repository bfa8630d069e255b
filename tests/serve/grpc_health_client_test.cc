// SPDX-License-Identifier: Apache-2.0
#include "serve/grpc_health_client.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <future>

#include "base/unique_fd.h"
#include "selfreport/poller.h"
#include "tests/serve/harness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

SelfReportOptions OptionsFor(const std::string& target, const std::string& service = "") {
  SelfReportOptions o;
  o.kind = SelfReportOptions::Kind::kGrpc;
  o.target = target;
  o.service = service;
  o.interval = 100ms;
  return o;
}

// The server under test stands in for the node: it speaks the same protocol.
class GrpcAskerTest : public Served {
 protected:
  HealthCheckResult Check(const std::string& service) {
    return MakeGrpcHealthClient(OptionsFor(server_->listening().front(), service))->Check(5s);
  }
};

// Keeps connections in its backlog and sends nothing.
struct SilentServer {
  UniqueFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::string target;
  SilentServer() {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof a;
    auto* sa = reinterpret_cast<sockaddr*>(&a);
    EXPECT_EQ(::bind(fd.get(), sa, sizeof a), 0);
    EXPECT_EQ(::listen(fd.get(), 16), 0);
    EXPECT_EQ(::getsockname(fd.get(), sa, &size), 0);
    target = "127.0.0.1:" + std::to_string(ntohs(a.sin_port));
  }
};

TEST_F(GrpcAskerTest, ServingIsOkAndNotServingIsDown) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  EXPECT_EQ(Check("").answer, SelfAnswer::kOk);
  EXPECT_EQ(Check("").detail, "SERVING");
  snapshots_.Publish(SnapshotOf(State::kFailing));
  EXPECT_EQ(Check("media").answer, SelfAnswer::kDown);
  EXPECT_EQ(Check("media").detail, "NOT_SERVING");
  EXPECT_EQ(Check("self").answer, SelfAnswer::kOk);
}

TEST_F(GrpcAskerTest, AnUnknownServiceIsDownAndNamed) {
  const HealthCheckResult a = Check("video");
  EXPECT_EQ(a.answer, SelfAnswer::kDown);
  EXPECT_THAT(a.detail, HasSubstr("\"video\""));
}

TEST(GrpcHealthClient, AServerWithoutHealthIsDown) {
  v1::NodeHealth::Service other;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&other);
  const auto server = builder.BuildAndStart();
  const HealthCheckResult a =
      MakeGrpcHealthClient(OptionsFor("127.0.0.1:" + std::to_string(port)))->Check(5s);
  EXPECT_EQ(a.answer, SelfAnswer::kDown);
  EXPECT_THAT(a.detail, HasSubstr("UNIMPLEMENTED"));
}

TEST(GrpcHealthClient, IsUnreachableWithTheReasonWithoutAListener) {
  std::string target;
  {
    const SilentServer gone;
    target = gone.target;
  }
  const HealthCheckResult a = MakeGrpcHealthClient(OptionsFor(target))->Check(5s);
  EXPECT_EQ(a.answer, SelfAnswer::kUnreachable);
  EXPECT_THAT(a.detail, HasSubstr("onnect"));
}

TEST(GrpcHealthClient, IsUnreachableWithoutAnAnswerInTime) {
  const SilentServer node;
  const auto before = std::chrono::steady_clock::now();
  const HealthCheckResult a = MakeGrpcHealthClient(OptionsFor(node.target))->Check(100ms);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
  EXPECT_EQ(a.answer, SelfAnswer::kUnreachable);
  EXPECT_NE(a.detail, "");
}

TEST(GrpcHealthClient, CancelEndsTheCheckInProgressAndEveryLaterOne) {
  const SilentServer node;
  SelfReportOptions options = OptionsFor(node.target);
  options.timeout = 30s;
  const auto client = MakeGrpcHealthClient(options);
  auto check = std::async(std::launch::async, [&] { return client->Check(30s); });
  EXPECT_EQ(check.wait_for(50ms), std::future_status::timeout);
  client->Cancel();
  EXPECT_EQ(check.wait_for(1s), std::future_status::ready);
  const auto before = std::chrono::steady_clock::now();
  client->Check(30s);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 500ms);
}

TEST_F(GrpcAskerTest, APollerFollowsANodeThatStopsAndStarts) {
  const std::string target = server_->listening().front();
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  Poller poller(OptionsFor(target), MakeGrpcHealthClient(OptionsFor(target)), nullptr);
  const auto becomes = [&](SelfAnswer answer) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (poller.Latest().answer != answer && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(5ms);
    }
    return poller.Latest().answer == answer;
  };
  EXPECT_TRUE(becomes(SelfAnswer::kOk));
  server_.reset();
  EXPECT_TRUE(becomes(SelfAnswer::kUnreachable));
  StartServer(ServeOptions{.grpc_listen = {target}});
  EXPECT_TRUE(becomes(SelfAnswer::kOk)) << poller.Latest().detail;
}

TEST(MakeHealthClient, ChoosesByKindAndRefusesInvalidOptions) {
  auto none = MakeHealthClient({});
  ASSERT_TRUE(none);
  EXPECT_EQ(*none, nullptr);
  auto grpc = MakeHealthClient(OptionsFor("127.0.0.1:1"));
  ASSERT_TRUE(grpc);
  EXPECT_NE(*grpc, nullptr);
  SelfReportOptions http;
  http.kind = SelfReportOptions::Kind::kHttp;
  http.target = "http://127.0.0.1:1/";
  auto client = MakeHealthClient(http);
  ASSERT_TRUE(client);
  EXPECT_NE(*client, nullptr);
  http.target = "nonsense";
  EXPECT_FALSE(MakeHealthClient(http));
}

}  // namespace
}  // namespace candor
