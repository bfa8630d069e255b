// SPDX-License-Identifier: Apache-2.0
//
// Check and Watch beside gRPC's own health service, in one run on one machine:
//   serve_bench [--assert] [WATCHERS [PER_CONNECTION]]     without any: 10000 watchers, 100 on each
//   connection
// Both get the same load, in turns: calls per second of some connections that always have calls open;
// then, with all watchers of both open, how long a change takes until the last one is notified, and the
// slowest Check meanwhile. Clients and servers share the machine, so the ratios mean more than the figures;
// --assert checks only those, and exits with 1 where ours is worse.
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
#include "tests/bench/serve/health_load.h"

namespace candor::bench {
namespace {

// A server under test, and how to change its answer.
struct Subject {
  const char* name;
  int port;
  std::function<void(bool serving)> set;
};

struct Figures {
  std::vector<double> checks;     // answers per second, of each round
  std::vector<double> notify_ms;  // until the last watcher was notified, of each change
  std::vector<double> check_ms;   // the slowest Check meanwhile
  std::vector<double> cpu_ms;     // of the process meanwhile, clients included
  bool complete = true;           // every watcher got every change
};

double CpuMillis() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(used.ru_utime) + ms(used.ru_stime);
}

double Median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}
double Most(const std::vector<double>& all) { return *std::max_element(all.begin(), all.end()); }

// In turns, so that a machine that gets busy is busy for both.
void MeasureChecks(const Subject& a, Figures* of_a, const Subject& b, Figures* of_b) {
  constexpr int kBatches = 7;
  constexpr int kInFlight = 8;
  constexpr std::chrono::milliseconds kRound{700};
  for (int round = 0; round < kBatches; ++round) {
    of_a->checks.push_back(ChecksPerSecond(a.port, kRound, kInFlight));
    of_b->checks.push_back(ChecksPerSecond(b.port, kRound, kInFlight));
  }
}

// One change, sent to all watchers, and the slowest Check meanwhile.
void MeasureChange(const Subject& subject, const Watchers& watchers, size_t count, bool serving,
                   Figures* out) {
  constexpr std::chrono::milliseconds kQuiet{200};
  SlowestCheck check(subject.port);
  std::this_thread::sleep_for(kQuiet);
  const size_t before = watchers.answers();
  const double cpu = CpuMillis();
  const auto start = Clock::now();
  subject.set(serving);
  Clock::time_point last;
  out->complete = watchers.Await(before + count, &last) && out->complete;
  out->notify_ms.push_back(Millis(last - start));
  out->cpu_ms.push_back(CpuMillis() - cpu);
  out->check_ms.push_back(check.Stop());
}

void MeasureFanOut(const Subject& a, Figures* of_a, const Subject& b, Figures* of_b, int watchers,
                   int per_connection) {
  constexpr int kChanges = 9;
  const auto count = static_cast<size_t>(watchers);
  const Watchers watch_a(a.port, watchers, per_connection), watch_b(b.port, watchers, per_connection);
  of_a->complete = watch_a.answers() == count;
  of_b->complete = watch_b.answers() == count;
  for (int change = 0; change < kChanges; ++change) {
    MeasureChange(a, watch_a, count, change % 2 == 1, of_a);
    MeasureChange(b, watch_b, count, change % 2 == 1, of_b);
  }
}

void Print(const Figures& ours, const Figures& theirs, int watchers) {
  fmt::print("{:<34}{:>10}{:>12}{:>8}\n", "", "Candor", "gRPC's own", "ratio");
  const auto row = [](const std::string& what, double a, double b) {
    fmt::print("{:<34}{:>10.1f}{:>12.1f}{:>8.2f}\n", what, a, b, a / b);
  };
  row("Check, answers/s", Median(ours.checks), Median(theirs.checks));
  row(fmt::format("{} watchers notified, ms", watchers), Median(ours.notify_ms), Median(theirs.notify_ms));
  row("  the slowest of the changes", Most(ours.notify_ms), Most(theirs.notify_ms));
  row("  processor time of it, ms", Median(ours.cpu_ms), Median(theirs.cpu_ms));
  row("slowest Check meanwhile, ms", Median(ours.check_ms), Median(theirs.check_ms));
  row("  the slowest of the changes", Most(ours.check_ms), Most(theirs.check_ms));
}

// Of rounds that were made one right after the other: what keeps a machine busy for a while is in both.
double Ratio(const std::vector<double>& ours, const std::vector<double>& theirs) {
  std::vector<double> ratios;
  for (size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours.at(i) / theirs.at(i));
  return Median(std::move(ratios));
}

// What must hold on any machine.
bool Holds(const Figures& ours, const Figures& theirs) {
  bool holds = true;
  const auto demand = [&](bool so, const std::string& what) {
    fmt::print("{}: {}\n", so ? "so" : "NOT SO", what);
    holds = holds && so;
  };
  const double checks = Ratio(ours.checks, theirs.checks), notify = Ratio(ours.notify_ms, theirs.notify_ms),
               check = Ratio(ours.check_ms, theirs.check_ms);
  demand(ours.complete && theirs.complete, "every watcher gets every change");
  demand(checks >= 0.8,
         fmt::format("Check is answered as often as by gRPC's own service, within 20 % ({:.2f})", checks));
  demand(notify <= 1.5,
         fmt::format("all are notified in half as long again as by gRPC's own, at most ({:.2f})", notify));
  demand(check <= 0.5, fmt::format("a Check meanwhile waits for half as long, at most ({:.2f})", check));
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

  SnapshotStore snapshots;
  History history(100, [] { return WallTime{}; });
  SelfReportAggregator self_reports(false, PushFrom::kOff, std::chrono::seconds(1), {});
  ServeOptions options;
  options.grpc_listen = {"127.0.0.1:0"};
  options.watches = options.watches_per_peer = static_cast<size_t>(watchers) + 100;
  const auto server = Server::Start(options, {snapshots, history, self_reports}, {});
  if (!server) {
    fmt::print("{}\n", server.error().message);
    return 1;
  }
  const Subject ours{"Candor", PortOf((*server)->listening().front()),
                     [&](bool serving) { snapshots.Publish(SnapshotThat(serving)); }};
  ours.set(true);
  Figures of_ours, of_theirs;
  MeasureChecks(ours, &of_ours, theirs, &of_theirs);
  MeasureFanOut(ours, &of_ours, theirs, &of_theirs, watchers, per_connection);
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
