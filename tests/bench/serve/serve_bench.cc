// SPDX-License-Identifier: Apache-2.0
//
// Check and Watch beside gRPC's own health service, in one run on one machine:
//   serve_bench [--assert] [WATCHERS [PER_CONNECTION]]     without any: 10000 watchers, 100 on each
//   connection
// Both are asked in the same way, in turns: calls per second of some connections that always have calls open;
// then, with all watchers open, how long a change takes until the last one was told, and the slowest Check
// meanwhile. Clients and servers share the machine, so the ratios mean more than the figures; --assert asks
// only for those, and ends with 1 where ours is the worse one.
#include <fmt/format.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <vector>

#include "serve/server.h"
#include "tests/bench/serve/asker.h"

namespace candor::bench {
namespace {

// What is measured: where to ask, and how to change the answer.
struct Subject {
  const char* name;
  int port;
  std::function<void(bool serving)> set;
};

struct Figures {
  double checks = 0;    // per second, median of the rounds
  double told_ms = 0;   // until the last watcher was told, median of the changes
  double worst_ms = 0;  // the same, the slowest
  double check_ms = 0;  // the slowest Check while watchers were told, median of the changes
  double check_worst_ms = 0;
  bool complete = true;  // every watcher was told of every change
};

double Median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

// In turns, so that a machine that gets busy is busy for both.
void MeasureChecks(const Subject& a, Figures* of_a, const Subject& b, Figures* of_b) {
  constexpr int kRounds = 7;
  constexpr int kInFlight = 8;
  constexpr std::chrono::milliseconds kRound{700};
  std::vector<double> rates_a, rates_b;
  for (int round = 0; round < kRounds; ++round) {
    rates_a.push_back(ChecksPerSecond(a.port, kRound, kInFlight));
    rates_b.push_back(ChecksPerSecond(b.port, kRound, kInFlight));
  }
  of_a->checks = Median(rates_a);
  of_b->checks = Median(rates_b);
}

void MeasureFanOut(const Subject& subject, int count, int per_connection, Figures* out) {
  constexpr int kChanges = 7;
  constexpr std::chrono::milliseconds kQuiet{200};
  Watchers watchers(subject.port, count, per_connection);
  out->complete = watchers.told() == static_cast<size_t>(count);
  std::vector<double> told, checks;
  for (int change = 0; change < kChanges; ++change) {
    SlowestCheck check(subject.port);
    std::this_thread::sleep_for(kQuiet);
    const size_t before = watchers.told();
    const auto start = Clock::now();
    subject.set(change % 2 == 1);
    Clock::time_point last;
    out->complete = watchers.Await(before + static_cast<size_t>(count), &last) && out->complete;
    told.push_back(Millis(last - start));
    checks.push_back(check.Stop());
  }
  out->told_ms = Median(told);
  out->worst_ms = *std::max_element(told.begin(), told.end());
  out->check_ms = Median(checks);
  out->check_worst_ms = *std::max_element(checks.begin(), checks.end());
}

void Print(const Figures& ours, const Figures& theirs, int watchers) {
  fmt::print("{:<34}{:>10}{:>12}{:>8}\n", "", "Candor", "gRPC's own", "ratio");
  const auto row = [](const std::string& what, double a, double b) {
    fmt::print("{:<34}{:>10.1f}{:>12.1f}{:>8.2f}\n", what, a, b, a / b);
  };
  row("Check, answers/s", ours.checks, theirs.checks);
  row(fmt::format("{} watchers told, ms", watchers), ours.told_ms, theirs.told_ms);
  row("  the slowest of the changes, ms", ours.worst_ms, theirs.worst_ms);
  row("slowest Check meanwhile, ms", ours.check_ms, theirs.check_ms);
  row("  the slowest of the changes, ms", ours.check_worst_ms, theirs.check_worst_ms);
}

// What must hold on any machine. The rates differ by some percent from run to run on a busy one.
bool Holds(const Figures& ours, const Figures& theirs) {
  bool holds = true;
  const auto demand = [&](bool so, const char* what) {
    if (!so) fmt::print("NOT SO: {}\n", what);
    holds = holds && so;
  };
  demand(ours.complete && theirs.complete, "every watcher is told of every change");
  demand(ours.checks >= 0.9 * theirs.checks, "Check is answered as often as by gRPC's own service");
  demand(ours.told_ms <= 1.1 * theirs.told_ms, "watchers are told as fast as by gRPC's own service");
  demand(ours.check_ms <= 0.5 * theirs.check_ms, "a Check meanwhile waits for half as long, at most");
  return holds;
}

Snapshot SnapshotThat(bool serves) {
  Snapshot s;
  s.verdict.state = serves ? State::kHealthy : State::kFailing;
  s.verdict.reason = "bench";
  s.self.answer = SelfAnswer::kOk;
  s.source.kind = "bench";
  return s;
}

void AllowManyFiles() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

int PortOf(const std::string& address) { return std::atoi(address.substr(address.rfind(':') + 1).c_str()); }

int Run(int watchers, int per_connection, bool demanding) {
  AllowManyFiles();
  // The library's first: ours switches it off for the process.
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  const auto library = builder.BuildAndStart();
  const Subject theirs{"gRPC's own", port,
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
  const Subject ours{"Candor", PortOf((*server)->listening().front()),
                     [&](bool serving) { board.Publish(SnapshotThat(serving)); }};
  ours.set(true);
  Figures of_ours, of_theirs;
  MeasureChecks(ours, &of_ours, theirs, &of_theirs);
  MeasureFanOut(ours, watchers, per_connection, &of_ours);
  MeasureFanOut(theirs, watchers, per_connection, &of_theirs);
  Print(of_ours, of_theirs, watchers);
  const bool holds = Holds(of_ours, of_theirs);
  (*server)->Stop();
  library->Shutdown(std::chrono::system_clock::now());
  return demanding && !holds ? 1 : 0;
}

}  // namespace
}  // namespace candor::bench

int main(int argc, char** argv) {
  std::vector<std::string_view> words(argv + 1, argv + argc);
  const bool demanding = std::erase(words, "--assert") > 0;
  const int watchers = words.empty() ? 10'000 : std::atoi(words[0].data());
  const int per_connection = words.size() < 2 ? 100 : std::atoi(words[1].data());
  return candor::bench::Run(std::max(watchers, 1), std::max(per_connection, 1), demanding);
}
