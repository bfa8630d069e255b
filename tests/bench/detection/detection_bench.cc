// SPDX-License-Identifier: Apache-2.0
//
// How fast and how quietly Candor judges, beside the best possible and beside other rules. Seeded.
//   detection_bench [--quick] [--json] [cells] [quiet] [scenarios]
// Without a part: all of them. --quick takes two minutes, and asserts loose goals: exit code 1 names what
// was missed. RESULTS.md is the full output.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "report.h"
#include "scenarios.h"

namespace candor::bench {
namespace {

struct Options {
  bool quick = false, json = false;
  std::set<std::string> parts;
  bool Wants(const char* part) const { return parts.empty() || parts.count(part) > 0; }
};

// What went wrong, for the exit code.
std::vector<std::string> problems;

void Expect(bool holds, const std::string& otherwise) {
  if (!holds) problems.push_back(otherwise);
}

std::vector<double> Delays(Cell cell, bool owed, const std::vector<std::string>& learned, int seeds,
                           int* before_onset) {
  std::vector<double> delays;
  for (int seed = 1; seed <= seeds; ++seed) {
    const double d = CandorsDelay(cell, owed, learned, static_cast<uint64_t>(seed));
    d < 0 ? static_cast<void>(++*before_onset) : delays.push_back(d);
  }
  return delays;
}

struct Learned {
  std::vector<std::string> plain, owed;
};

CellResult Measure(Cell cell, const Options& o, const Learned& learned, const Quiet& quiet) {
  const int seeds = o.quick ? 24 : 200;
  CellResult r;
  r.cell = cell;
  const auto plain = Delays(cell, false, learned.plain, seeds, &r.before_onset);
  r.p50 = Quantile(plain, 0.5), r.p95 = Quantile(plain, 0.95);
  const auto owed = Delays(cell, true, learned.owed, seeds, &r.before_onset);
  r.owed_p50 = Quantile(owed, 0.5), r.owed_p95 = Quantile(owed, 0.95);
  const Bound bound(cell, o.quick ? 100'000 : 1'000'000, 3);
  std::vector<double> bounds;
  std::vector<std::vector<double>> rivals(kStatistics);
  for (int seed = 1; seed <= seeds; ++seed) {
    bounds.push_back(bound.Delay(static_cast<uint64_t>(seed)));
    const Statistics s = RivalsDelays(cell, quiet, static_cast<uint64_t>(seed));
    for (size_t i = 0; i < kStatistics; ++i) rivals[i].push_back(s[i]);
  }
  r.bound = Quantile(bounds, 0.5);
  r.window = 1e9;
  for (size_t i = 0; i < kWindowRules; ++i) r.window = std::min(r.window, Quantile(rivals[i], 0.5));
  r.jicofo = Quantile(rivals[kWindowRules], 0.5);
  r.five = Quantile(rivals[kWindowRules + 1], 0.5);
  return r;
}

void Cells(const Options& o, Report* report) {
  report->BeginCells();
  const std::vector<double> rates = o.quick ? std::vector{1.0, 10.0} : std::vector{0.1, 1.0, 10.0, 100.0};
  for (const double rate : rates) {
    const Learned learned{LearnedBaselines(rate, false, 1), LearnedBaselines(rate, true, 2)};
    const double most = o.quick ? 1.8e6 : 2.6e7;  // a day shows all of the drift
    const Quiet quiet = WatchHealthy(rate, std::min(30.0, most / rate / kDay), 5);
    report->Rivals(rate, quiet);
    for (const double severity : {1.0, 0.5, 0.2, 0.1}) {
      const CellResult r = Measure({rate, severity}, o, learned, quiet);
      report->Add(r);
      const std::string name = fmt::format("{}/s {:.0f} %", rate, severity * 100);
      Expect(r.before_onset <= 1, name + ": alarms before the onset");
      if (severity > 0.1) Expect(r.p50 <= 2.5 * r.bound, name + ": more than 2.5 times the best possible");
    }
  }
}

void QuietMonths(const Options& o, Report* report) {
  report->BeginQuiet();
  for (const double rate : {1.0, 10.0}) {
    for (const QuietScenario& s : QuietScenarios(rate, o.quick ? 2 / rate : 90)) {
      const QuietResult r = RunQuiet(s, 7);
      report->Add(rate, s, r);
      if (!r.first.empty()) fmt::print(stderr, "{}: {}\n", s.name, r.first);
      const uint64_t most = o.quick ? 1 : 3;
      Expect(!s.separable || r.alarms <= most, fmt::format("{}: {} false alarms", s.name, r.alarms));
    }
  }
}

void ScenarioSeeds(const Options& o, Report* report) {
  report->BeginScenarios();
  const int seeds = o.quick ? 4 : 100;
  for (const Scenario& s : Scenarios()) {
    int passed = 0;
    std::string missed;
    for (int seed = 1; seed <= seeds; ++seed) {
      const Outcomes out = Run(s, static_cast<uint64_t>(seed) * 7919);
      passed += out.missed.empty();
      if (missed.empty()) missed = out.missed;
    }
    report->AddScenario(s.name, passed, seeds, missed);
    Expect(passed * 2 >= seeds, s.name + ": missed by most seeds");
  }
}

}  // namespace
}  // namespace candor::bench

int main(int argc, char** argv) {
  using namespace candor::bench;
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--quick") {
      options.quick = true;
    } else if (word == "--json") {
      options.json = true;
    } else if (word == "cells" || word == "quiet" || word == "scenarios") {
      options.parts.insert(word);
    } else {
      fmt::print(stderr, "detection_bench [--quick] [--json] [cells] [quiet] [scenarios]\n");
      return 2;
    }
  }
  Report report(options.json, stdout);
  if (options.Wants("cells")) Cells(options, &report);
  if (options.Wants("quiet")) QuietMonths(options, &report);
  if (options.Wants("scenarios")) ScenarioSeeds(options, &report);
  for (const std::string& p : problems) fmt::print(stderr, "missed: {}\n", p);
  return problems.empty() ? 0 : 1;
}
