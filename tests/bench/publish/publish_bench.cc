// SPDX-License-Identifier: Apache-2.0
//
// From a decision to the clients that watch, through a running candord:
//   publish_bench ADDRESS ADMIN_SOCKET WATCHERS CHANGES
// An operator's override is decided and published by the very code that publishes the judge's. Each change is
// timed from before the override is sent, which is part of it, to the first and to the last watcher
// that received it. Prints one line of JSON, milliseconds.
#include <fmt/format.h>
#include <grpcpp/create_channel.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <latch>
#include <memory>
#include <thread>

#include "candor/v1/admin.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/bench/common/figures.h"

namespace candor {
namespace {

using Clock = std::chrono::steady_clock;
using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// How many watchers have received the present answer, and when the first and the last of them did.
class Received {
 public:
  void Begin() { count_ = 0; }
  void One() {
    if (count_.fetch_add(1) == 0) first_ = Clock::now().time_since_epoch().count();
    last_ = Clock::now().time_since_epoch().count();
  }
  bool Await(int wanted) const {
    const auto until = Clock::now() + std::chrono::seconds(20);
    while (count_ < wanted && Clock::now() < until)
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    return count_ >= wanted;
  }
  double FirstMs(Clock::time_point from) const { return Ms(first_, from); }
  double LastMs(Clock::time_point from) const { return Ms(last_, from); }

 private:
  static double Ms(Clock::rep at, Clock::time_point from) {
    return std::chrono::duration<double, std::milli>(Clock::duration(at) - from.time_since_epoch()).count();
  }
  std::atomic<int> count_{0};
  std::atomic<Clock::rep> first_{0}, last_{0};
};

class Watcher final : public grpc::ClientReadReactor<HealthCheckResponse> {
 public:
  Watcher(Health::Stub& stub, Received& received) : received_(received) {
    stub.async()->Watch(&context_, &request_, this);
    StartRead(&response_);
    StartCall();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    received_.One();
    StartRead(&response_);
  }
  void OnDone(const grpc::Status&) override { done_.count_down(); }
  void End() {
    context_.TryCancel();
    done_.wait();
  }

 private:
  Received& received_;
  grpc::ClientContext context_;
  HealthCheckRequest request_;
  HealthCheckResponse response_;
  std::latch done_{1};
};

bool SetOverride(v1::Admin::Stub& admin, v1::State state) {
  v1::SetOverrideRequest request;
  request.set_state(state);
  request.set_reason("benchmark");
  request.mutable_limit()->set_seconds(60);
  v1::AdminResponse response;
  grpc::ClientContext context;
  return admin.SetOverride(&context, request, &response).ok();
}

int Run(const std::string& address, const std::string& admin_socket, int watchers, int changes) {
  constexpr int kPerConnection = 100;
  Received received;
  std::vector<std::unique_ptr<Health::Stub>> stubs;
  std::vector<std::unique_ptr<Watcher>> streams;
  const auto admin = v1::Admin::NewStub(Connect("unix:" + admin_socket));
  if (!SetOverride(*admin, v1::HEALTHY)) return 1;
  for (int i = 0; i < watchers; ++i) {
    if (i % kPerConnection == 0) stubs.push_back(Health::NewStub(Connect(address)));
    streams.push_back(std::make_unique<Watcher>(*stubs.back(), received));
  }
  bool all = received.Await(watchers);
  Figures first, last;
  for (int i = 0; all && i < changes; ++i) {
    received.Begin();
    const auto from = Clock::now();
    all = SetOverride(*admin, i % 2 == 0 ? v1::FAILING : v1::HEALTHY) && received.Await(watchers);
    first.Add(received.FirstMs(from));
    last.Add(received.LastMs(from));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (auto& stream : streams) stream->End();
  if (!all) {
    fmt::print(stderr, "publish_bench: not every watcher received it within 20 s\n");
    return 1;
  }
  fmt::print(R"({{"watchers":{},"changes":{},"first_p50":{:.3f},"first_p99":{:.3f},"last_p50":{:.3f},)"
             R"("last_p99":{:.3f}}})"
             "\n",
             watchers, changes, first.Median(), first.At(0.99), last.Median(), last.At(0.99));
  return 0;
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  if (argc == 5) return candor::Run(argv[1], argv[2], std::atoi(argv[3]), std::atoi(argv[4]));
  fmt::print(stderr, "usage: publish_bench ADDRESS ADMIN_SOCKET WATCHERS CHANGES\n");
  return 2;
}
