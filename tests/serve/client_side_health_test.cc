// SPDX-License-Identifier: Apache-2.0
//
// gRPC's client-side health checking (gRFC A17) with two backends: the library routes calls by the answers.
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <thread>

#include "tests/serve/harness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

// One node: its SnapshotStore, and a server that names itself by its version.
struct Node {
  explicit Node(const std::string& name) {
    ServeOptions options;
    options.grpc_listen = {"127.0.0.1:0"};
    DaemonInfo about;
    about.version = name;
    auto started = Server::Start(options, {snapshots, history, self_reports}, about);
    if (started) server = std::move(*started);
    snapshots.Publish(SnapshotOf(State::kHealthy));
  }
  SnapshotStore snapshots;
  History history{10, [] { return WallTime{}; }};
  SelfReportAggregator self_reports{false, PushFrom::kOff, 1s, {}};
  std::unique_ptr<Server> server;
};

class ClientSideHealthTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(a_.server && b_.server);
    grpc::ChannelArguments arguments;
    arguments.SetServiceConfigJSON(
        R"({"loadBalancingConfig":[{"round_robin":{}}],"healthCheckConfig":{"serviceName":"media"}})");
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel =
        grpc::CreateCustomChannel("ipv4:" + a_.server->listening()[0] + "," + b_.server->listening()[0],
                                  grpc::InsecureChannelCredentials(), arguments);
    stub_ = v1::NodeHealth::NewStub(channel);
  }

  // The version of the answering server, or the error's text.
  std::string Ask(bool wait) {
    Call call(5s);
    call.context.set_wait_for_ready(wait);
    v1::Info info;
    const auto status = stub_->GetInfo(&call.context, {}, &info);
    return status.ok() ? info.version() : status.error_message();
  }
  std::set<std::string> Answering() {
    std::set<std::string> names;
    for (int i = 0; i < 10; ++i) names.insert(Ask(true));
    return names;
  }
  bool Becomes(const std::set<std::string>& wanted) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < until) {
      if (Answering() == wanted) return true;
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }

  Node a_{"a"}, b_{"b"};
  std::unique_ptr<v1::NodeHealth::Stub> stub_;
};

TEST_F(ClientSideHealthTest, AFailingNodeGetsNoCallsUntilItRecovers) {
  ASSERT_TRUE(Becomes({"a", "b"}));
  const auto start = std::chrono::steady_clock::now();
  a_.snapshots.Publish(SnapshotOf(State::kFailing));
  auto last = start;
  for (const auto until = start + 300ms; std::chrono::steady_clock::now() < until;) {
    if (Ask(true) == "a") last = std::chrono::steady_clock::now();
  }
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(last - start).count();
  RecordProperty("us_from_verdict_to_last_call", std::to_string(took));
  printf("from verdict to the last call that reached the failing node: %.1f ms\n",
         static_cast<double>(took) / 1e3);
  EXPECT_EQ(Answering(), std::set<std::string>{"b"});
  a_.snapshots.Publish(SnapshotOf(State::kProbation));
  EXPECT_TRUE(Becomes({"a", "b"}));
}

TEST_F(ClientSideHealthTest, ADrainedNodeGetsNoMoreCalls) {
  ASSERT_TRUE(Becomes({"a", "b"}));
  b_.snapshots.ApplyOverrides([](Overrides& all) { all.drain = DrainOverride{"test", "root", BootTime{}}; });
  EXPECT_TRUE(Becomes({"a"}));
}

TEST_F(ClientSideHealthTest, WithAllNodesFailingEveryCallFails) {
  ASSERT_TRUE(Becomes({"a", "b"}));
  a_.snapshots.Publish(SnapshotOf(State::kFailing));
  b_.snapshots.Publish(SnapshotOf(State::kFailing));
  std::string error;
  for (int i = 0; i < 500 && (error.size() < 2); ++i) {
    error = Ask(false);
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_GT(error.size(), 1u) << "gRPC has no panic threshold: fleets must fail open elsewhere";
}

}  // namespace
}  // namespace candor
