// SPDX-License-Identifier: Apache-2.0
//
// Check and Watch beside gRPC's own health service, in one run on one machine, as ratios:
//   serve_bench [WATCHERS] [SECONDS]     without any: 10000 watchers, 2 s for each measurement
// Each server is asked in the same way: calls per second of some connections in a closed loop; then, with all
// watchers open, how long a change takes until the last one was told and the slowest Check meanwhile. Clients
// and server share the machine, so only the ratios mean something.
#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <latch>
#include <thread>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "serve/server.h"

namespace candor {
namespace {

using Clock = std::chrono::steady_clock;
using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

double MillisSince(Clock::time_point t) {
  return std::chrono::duration<double, std::milli>(Clock::now() - t).count();
}

// What is measured: where to ask, and how to change the answer.
struct Subject {
  const char* name;
  std::string address;
  std::function<void(bool serving)> set;
};

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

double ChecksPerSecond(const Subject& subject, std::chrono::seconds time) {
  constexpr int kConnections = 4;
  std::atomic<uint64_t> calls{0};
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < kConnections; ++i) {
    threads.emplace_back([&] {
      const auto stub = Health::NewStub(Connect(subject.address));
      while (!stop) {
        grpc::ClientContext context;
        HealthCheckResponse response;
        if (stub->Check(&context, {}, &response).ok()) ++calls;
      }
    });
  }
  std::this_thread::sleep_for(time);
  stop = true;
  for (auto& t : threads) t.join();
  return static_cast<double>(calls) / static_cast<double>(time.count());
}

// One open Watch that counts how often it is told.
class WatchStream final : public grpc::ClientReadReactor<HealthCheckResponse> {
 public:
  WatchStream(Health::Stub& stub, std::atomic<int>& told) : told_(told) {
    stub.async()->Watch(&context_, &request_, this);
    StartRead(&response_);
    StartCall();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    ++told_;
    StartRead(&response_);
  }
  void OnDone(const grpc::Status&) override { done_.count_down(); }
  void End() {
    context_.TryCancel();
    done_.wait();
  }

 private:
  std::atomic<int>& told_;
  grpc::ClientContext context_;
  HealthCheckRequest request_;
  HealthCheckResponse response_;
  std::latch done_{1};
};

struct FanOut {
  double told_ms = 0;   // until the last watcher was told, median of the changes
  double check_ms = 0;  // the slowest Check meanwhile, of all changes
};

bool Await(const std::atomic<int>& told, int wanted) {
  const auto start = Clock::now();
  while (told < wanted && MillisSince(start) < 60'000)
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  return told >= wanted;
}

// Checks again and again until `stop`; the slowest in ms.
double SlowestCheck(const Subject& subject, const std::atomic<bool>& stop) {
  const auto stub = Health::NewStub(Connect(subject.address));
  double slowest = 0;
  for (bool first = true; !stop; first = false) {
    const auto start = Clock::now();
    grpc::ClientContext context;
    HealthCheckResponse response;
    (void)stub->Check(&context, {}, &response);
    if (!first) slowest = std::max(slowest, MillisSince(start));  // the first one connects
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
  return slowest;
}

FanOut Fan(const Subject& subject, int watchers) {
  constexpr int kPerConnection = 100;
  constexpr int kChanges = 5;
  std::atomic<int> told{0};
  std::vector<std::unique_ptr<Health::Stub>> stubs;
  std::vector<std::unique_ptr<WatchStream>> streams;
  for (int i = 0; i < watchers; ++i) {
    if (i % kPerConnection == 0) stubs.push_back(Health::NewStub(Connect(subject.address)));
    streams.push_back(std::make_unique<WatchStream>(*stubs.back(), told));
  }
  if (!Await(told, watchers)) fmt::print("{}: only {} of {} watchers opened\n", subject.name, told, watchers);
  std::vector<double> times;
  FanOut out;
  for (int change = 0; change < kChanges; ++change) {
    std::atomic<bool> stop{false};
    std::thread asker([&] { out.check_ms = std::max(out.check_ms, SlowestCheck(subject, stop)); });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const int before = told;
    const auto start = Clock::now();
    subject.set(change % 2 == 1);
    if (!Await(told, before + watchers)) fmt::print("{}: a watcher was not told\n", subject.name);
    times.push_back(MillisSince(start));
    stop = true;
    asker.join();
  }
  std::sort(times.begin(), times.end());
  out.told_ms = times[times.size() / 2];
  for (auto& stream : streams) stream->End();
  return out;
}

void Compare(const Subject& ours, const Subject& theirs, int watchers, std::chrono::seconds time) {
  const double our_rate = ChecksPerSecond(ours, time), their_rate = ChecksPerSecond(theirs, time);
  fmt::print("Check            ours {:8.0f}/s   gRPC's own {:8.0f}/s   ratio {:.2f}\n", our_rate, their_rate,
             our_rate / their_rate);
  const FanOut our_fan = Fan(ours, watchers), their_fan = Fan(theirs, watchers);
  fmt::print("{} told      ours {:8.0f} ms  gRPC's own {:8.0f} ms  ratio {:.2f}\n", watchers, our_fan.told_ms,
             their_fan.told_ms, our_fan.told_ms / their_fan.told_ms);
  fmt::print("Check meanwhile  ours {:8.1f} ms  gRPC's own {:8.1f} ms  ratio {:.2f}\n", our_fan.check_ms,
             their_fan.check_ms, our_fan.check_ms / their_fan.check_ms);
}

Snapshot SnapshotThat(bool serves) {
  Snapshot s;
  s.verdict.state = serves ? State::kHealthy : State::kFailing;
  s.verdict.reason = "bench";
  s.self.answer = SelfAnswer::kOk;
  s.source.kind = "bench";
  return s;
}

int Run(int watchers, std::chrono::seconds time) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  // The library's first: ours switches it off for the process.
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  const auto library = builder.BuildAndStart();
  const Subject theirs{"gRPC's own", fmt::format("127.0.0.1:{}", port),
                       [&](bool serving) { library->GetHealthCheckService()->SetServingStatus(serving); }};
  theirs.set(true);

  Board board;
  History history(100, [] { return WallTime{}; });
  SelfDesk desk(false, PushFrom::kOff, std::chrono::seconds(1), {});
  ServeOptions options;
  options.grpc_listen = {"127.0.0.1:0"};
  options.watches = options.watches_per_peer = static_cast<size_t>(watchers) + 100;
  const auto server = Server::Start(options, {board, history, desk}, {});
  if (!server) {
    fmt::print("{}\n", server.error().message);
    return 1;
  }
  const Subject ours{"ours", (*server)->listening().front(),
                     [&](bool serving) { board.Publish(SnapshotThat(serving)); }};
  ours.set(true);
  Compare(ours, theirs, watchers, time);
  (*server)->Stop();
  library->Shutdown(std::chrono::system_clock::now());
  return 0;
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  const int watchers = argc > 1 ? std::atoi(argv[1]) : 10'000;
  const int seconds = argc > 2 ? std::atoi(argv[2]) : 2;
  return candor::Run(std::max(watchers, 1), std::chrono::seconds(std::max(seconds, 1)));
}
