// SPDX-License-Identifier: Apache-2.0
//
// gRPC's client-side health checking (gRFC A17) in C++, calls in turn:
//   grpc_cxx PACE_MS TARGET...
// Prints a line of JSON for each call: {"t": Unix time, "who": target, or "error": text}.
#include <fmt/format.h>
#include <grpcpp/create_channel.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "candor/v1/node_health.grpc.pb.h"

namespace {

constexpr const char* kConfig =
    R"({"loadBalancingConfig":[{"round_robin":{}}],"healthCheckConfig":{"serviceName":"media"}})";

double UnixTime() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

[[noreturn]] void CallInTurn(const std::string& targets, std::chrono::milliseconds pace) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kConfig);
  const auto channel =
      grpc::CreateCustomChannel("ipv4:" + targets, grpc::InsecureChannelCredentials(), arguments);
  const auto stub = candor::v1::NodeHealth::NewStub(channel);
  for (;;) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
    candor::v1::Info info;
    const double t = UnixTime();
    const grpc::Status status = stub->GetInfo(&context, {}, &info);
    const bool healthy = status.ok() && info.listening_size() > 0;
    fmt::print("{{\"t\": {:.6f}, \"{}\": \"{}\"}}\n", t, healthy ? "who" : "error",
               healthy ? info.listening(0) : fmt::format("code {}", static_cast<int>(status.error_code())));
    std::fflush(stdout);
    std::this_thread::sleep_for(pace);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "grpc_cxx PACE_MS TARGET...\n");
    return 1;
  }
  std::string targets = argv[2];
  for (int i = 3; i < argc; ++i) targets += std::string(",") + argv[i];
  CallInTurn(targets, std::chrono::milliseconds(std::atoi(argv[1])));
}
