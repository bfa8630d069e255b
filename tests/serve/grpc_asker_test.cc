// SPDX-License-Identifier: Apache-2.0
#include "serve/grpc_asker.h"

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

SelfReportOptions Asking(const std::string& target, const std::string& service = "") {
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
  Answer Ask(const std::string& service) {
    return MakeGrpcAsker(Asking(server_->listening().front(), service))->Ask(5s);
  }
};

// Takes connections into its backlog and never says a word.
struct Mute {
  UniqueFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::string target;
  Mute() {
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

TEST_F(GrpcAskerTest, TakesServingForOkAndNotServingForDown) {
  board_.Publish(SnapshotOf(State::kHealthy));
  EXPECT_EQ(Ask("").answer, SelfAnswer::kOk);
  EXPECT_EQ(Ask("").detail, "SERVING");
  board_.Publish(SnapshotOf(State::kFailing));
  EXPECT_EQ(Ask("media").answer, SelfAnswer::kDown);
  EXPECT_EQ(Ask("media").detail, "NOT_SERVING");
  EXPECT_EQ(Ask("self").answer, SelfAnswer::kOk);  // it asks for the service it was told
}

TEST_F(GrpcAskerTest, TakesAnUnknownServiceForDownAndNamesIt) {
  const Answer a = Ask("video");
  EXPECT_EQ(a.answer, SelfAnswer::kDown);
  EXPECT_THAT(a.detail, HasSubstr("\"video\""));
}

TEST(GrpcAsker, TakesAServerWithoutHealthForDown) {
  v1::NodeHealth::Service other;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&other);
  const auto server = builder.BuildAndStart();
  const Answer a = MakeGrpcAsker(Asking("127.0.0.1:" + std::to_string(port)))->Ask(5s);
  EXPECT_EQ(a.answer, SelfAnswer::kDown);
  EXPECT_THAT(a.detail, HasSubstr("UNIMPLEMENTED"));
}

TEST(GrpcAsker, SaysUnreachableWithTheReasonWhenNobodyListens) {
  std::string target;
  {
    const Mute gone;
    target = gone.target;
  }
  const Answer a = MakeGrpcAsker(Asking(target))->Ask(5s);
  EXPECT_EQ(a.answer, SelfAnswer::kUnreachable);
  EXPECT_THAT(a.detail, HasSubstr("onnect"));
}

TEST(GrpcAsker, SaysUnreachableWhenNothingComesWithinTheTimeout) {
  const Mute node;
  const auto before = std::chrono::steady_clock::now();
  const Answer a = MakeGrpcAsker(Asking(node.target))->Ask(100ms);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
  EXPECT_EQ(a.answer, SelfAnswer::kUnreachable);
  EXPECT_NE(a.detail, "");
}

TEST(GrpcAsker, CancelEndsAQuestionThatHangsAndEveryLaterOne) {
  const Mute node;
  SelfReportOptions patient = Asking(node.target);
  patient.timeout = 30s;
  const auto asker = MakeGrpcAsker(patient);
  auto asking = std::async(std::launch::async, [&] { return asker->Ask(30s); });
  EXPECT_EQ(asking.wait_for(50ms), std::future_status::timeout);
  asker->Cancel();
  EXPECT_EQ(asking.wait_for(1s), std::future_status::ready);
  const auto before = std::chrono::steady_clock::now();
  asker->Ask(30s);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 500ms);
}

TEST_F(GrpcAskerTest, APollerSeesANodeGoAndComeBack) {
  const std::string target = server_->listening().front();
  board_.Publish(SnapshotOf(State::kHealthy));
  Poller poller(Asking(target), MakeGrpcAsker(Asking(target)), nullptr);
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

TEST(MakeAsker, PicksByKindAndRefusesWhatIsInvalid) {
  auto none = MakeAsker({});
  ASSERT_TRUE(none);
  EXPECT_EQ(*none, nullptr);
  auto grpc = MakeAsker(Asking("127.0.0.1:1"));
  ASSERT_TRUE(grpc);
  EXPECT_NE(*grpc, nullptr);
  SelfReportOptions http;
  http.kind = SelfReportOptions::Kind::kHttp;
  http.target = "http://127.0.0.1:1/";
  auto asker = MakeAsker(http);
  ASSERT_TRUE(asker);
  EXPECT_NE(*asker, nullptr);
  http.target = "nonsense";
  EXPECT_FALSE(MakeAsker(http));
}

}  // namespace
}  // namespace candor
