// SPDX-License-Identifier: Apache-2.0
//
// How fast and how quietly: Candor's rule, window rules tuned on the same healthy traffic, Jicofo's and
// five failures in a row, over rates and severities. `detection_bench [--quick] [--json]`; seeded.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "rules.h"
#include "scenarios.h"

namespace candor::bench {
namespace {

constexpr std::array<double, 6> kWindows = {10, 30, 60, 120, 300, 600};
constexpr size_t kLeast = 10;

struct Result {  // moments of the first alarm after `onset`; -1: none
  double candor = -1, jicofo = -1, five = -1;
  std::array<double, kWindows.size()> window{};
  int false_alarms = 0, jicofo_false = 0, five_false = 0;
  uint64_t events = 0;
};

Traffic Plain(double rate, double healthy, double sick, double severity) {
  Traffic t;
  t.rate = Always(rate);
  t.most_rate = rate;
  t.seconds = healthy + sick;
  t.severity = Between(healthy, t.seconds, severity);
  t.usual_failing = [](double s) { return 0.035 + 0.025 * std::sin(s / 14400 * 2 * 3.14159265); };
  return t;
}

using Thresholds = std::array<double, kWindows.size()>;

// One run; `worst` (when given) collects the largest healthy share of each window before `onset`.
Result RunOne(const Traffic& traffic, double onset, uint64_t seed, const Thresholds& at, Thresholds* worst) {
  Judge judge{JudgeOptions{}};
  TrafficSource source(traffic, seed);
  Outcomes10s outcomes;
  std::vector<WindowWatch> windows;
  for (const double w : kWindows) windows.emplace_back(w, kLeast);
  WindowWatch jicofo(kJicofo.window, kJicofo.least);
  Result r;
  r.window.fill(-1);
  int in_a_row = 0;
  bool failing = false, jicofo_on = false;
  const auto outcome = [&](double t, bool failed) {
    in_a_row = failed ? in_a_row + 1 : 0;
    jicofo.Outcome(t, failed);
    const bool sick = t >= onset;
    if (in_a_row == 5) (sick ? (r.five < 0 ? r.five = t - onset : 0) : ++r.five_false);
    const bool fires = jicofo.Share() > kJicofo.share;
    if (fires && sick && r.jicofo < 0) r.jicofo = t - onset;
    if (fires && !jicofo_on && !sick) ++r.jicofo_false;
    jicofo_on = fires;
    for (size_t i = 0; i < windows.size(); ++i) {
      windows[i].Outcome(t, failed);
      const double share = windows[i].Share();
      if (!sick && worst != nullptr) (*worst)[i] = std::max((*worst)[i], share);
      if (sick && r.window[i] < 0 && share > at[i]) r.window[i] = t - onset;
    }
  };
  const auto look = [&](double t) {
    const bool now = judge.verdict().state == State::kFailing;
    if (now && !failing) (t >= onset ? (r.candor < 0 ? r.candor = t - onset : 0) : ++r.false_alarms);
    failing = now;
  };
  Time next = Time(FromSeconds(TrafficSource::kEpoch));
  for (AttemptEvent e; source.Next(&e); ++r.events) {
    const double t = SecondsOf(e.at) - TrafficSource::kEpoch;
    for (; next <= e.at; next += std::chrono::milliseconds(250)) {
      judge.Tick(next);
      look(SecondsOf(next) - TrafficSource::kEpoch);
    }
    judge.Observe(e);
    look(t);
    outcomes.Until(t, outcome);
    if (e.kind == AttemptEvent::Kind::kOffered) outcomes.Begin(t, e.id);
    if (e.kind == AttemptEvent::Kind::kActive && outcomes.Succeed(e.id)) outcome(t, false);
  }
  return r;
}

double Quantile(std::vector<double> v, double p) {
  for (double& x : v) x = x < 0 ? 1e9 : x;
  std::sort(v.begin(), v.end());
  return v.empty() ? 1e9 : v[std::min(v.size() - 1, static_cast<size_t>(p * static_cast<double>(v.size())))];
}

std::string Shown(double x) { return x >= 1e9 ? "never" : fmt::format("{:.1f}", x); }

struct Options {
  bool quick = false, json = false;
};

void Row(const Options& o, double rate, double severity, const std::vector<Result>& runs) {
  std::vector<double> candor, jicofo, five;
  std::array<std::vector<double>, kWindows.size()> window;
  for (const Result& r : runs) {
    candor.push_back(r.candor);
    jicofo.push_back(r.jicofo);
    five.push_back(r.five);
    for (size_t i = 0; i < kWindows.size(); ++i) window[i].push_back(r.window[i]);
  }
  double best = 1e9;
  for (const auto& w : window) best = std::min(best, Quantile(w, 0.5));
  fmt::print(fmt::runtime(
                 o.json ? "{{\"rate\":{},\"severity\":{},\"p50\":\"{}\",\"p95\":\"{}\",\"window_p50\":\"{}\","
                          "\"jicofo_p50\":\"{}\",\"five_p50\":\"{}\"}}\n"
                        : "{:>6} {:>9} {:>9} {:>9} {:>12} {:>12} {:>10}\n"),
             rate, severity, Shown(Quantile(candor, 0.5)), Shown(Quantile(candor, 0.95)), Shown(best),
             Shown(Quantile(jicofo, 0.5)), Shown(Quantile(five, 0.5)));
}

void Main(const Options& o) {
  const auto started = std::chrono::steady_clock::now();
  uint64_t events = 0;
  if (!o.json)
    fmt::print("{:>6} {:>9} {:>9} {:>9} {:>12} {:>12} {:>10}\n", "rate/s", "severity", "p50 s", "p95 s",
               "window p50", "Jicofo p50", "five p50");
  for (const double rate : {0.1, 1.0, 10.0, 100.0}) {
    const double healthy_attempts = o.quick ? 2e4 : 8e6;
    const double days = std::min(o.quick ? 2.0 : 90.0, healthy_attempts / rate / 86400);
    Thresholds worst{};
    const Traffic calm = Plain(rate, days * 86400, 0, 0);
    const Result quiet = RunOne(calm, calm.seconds, 1, worst, &worst);
    events += quiet.events;
    fmt::print(fmt::runtime(
                   o.json ? "{{\"rate\":{},\"healthy_days\":{:.2f},\"false_candor\":{},\"false_jicofo\":{},"
                            "\"false_five\":{}}}\n"
                          : "{:>6} healthy for {:.2f} days: false alarms {} (Jicofo {}, five in a row {})\n"),
               rate, days, quiet.false_alarms, quiet.jicofo_false, quiet.five_false);
    const int seeds = o.quick ? 6 : 200;
    for (const double severity : {1.0, 0.5, 0.2, 0.1}) {
      std::vector<Result> runs;
      const double warm = 2000 / rate, sick = std::max(60.0, 600 / rate);
      for (int seed = 1; seed <= seeds; ++seed) {
        runs.push_back(
            RunOne(Plain(rate, warm, sick, severity), warm, static_cast<uint64_t>(seed), worst, nullptr));
        events += runs.back().events;
      }
      Row(o, rate, severity, runs);
    }
  }
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  fmt::print(stderr, "{} events in {:.1f} s, generator and rival rules included\n", events, took);
}

}  // namespace
}  // namespace candor::bench

int main(int argc, char** argv) {
  candor::bench::Options options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) {
      options.quick = true;
    } else if (std::strcmp(argv[i], "--json") == 0) {
      options.json = true;
    } else {
      fmt::print(stderr, "detection_bench [--quick] [--json]\n");
      return 1;
    }
  }
  candor::bench::Main(options);
}
