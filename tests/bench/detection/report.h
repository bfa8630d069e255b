// SPDX-License-Identifier: Apache-2.0
//
// What the benchmark found: sections of Markdown for people, of which RESULTS.md is made as they are, or JSON
// lines for programs.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "bound.h"
#include "quiet.h"
#include "reference_rules.h"
#include "speed.h"

namespace candor::bench {

// Never: 1e9.
struct CellResult {
  Cell cell;
  double p50 = 0, p95 = 0;
  int before_onset = 0;                           // alarms before there was anything to see
  double bound = 0;                               // p50
  std::optional<double> window, jicofo, five;     // p50; nothing: not tuned
  double waiting_on_p50 = 0, waiting_on_p95 = 0;  // the same with who is waited on known
};

// Of one scenario over seeds.
struct ScenarioResult {
  std::string name;
  int seeds = 0, passed = 0;
  std::optional<int> reachable;  // by the best possible of the same attempts; nothing: no severity to know
  double within = 0;             // the goal, seconds; 0: none
  double p50 = 1e9, p95 = 1e9;   // from the onset to the alarm, where there is one
  std::string missed;            // the first goal missed
};

class Report {
 public:
  // `json`: one object a line instead of tables. `command`: as it was called.
  Report(bool json, std::string command, std::FILE* out)
      : json_(json), command_(std::move(command)), out_(out) {}
  void BeginCells(uint64_t seeds);
  void Add(const CellResult& r);
  void ReferenceRules(double rate, const HealthyMaxima& q);
  void BeginQuiet();
  void Add(double rate, const QuietScenario& s, const QuietResult& r);
  void BeginArrivals();
  void AddArrivals(double rate, const QuietScenario& s, const QuietResult& r);
  void BeginSpeed();
  void Add(const Speed& s);
  void BeginScenarios();
  void Add(const ScenarioResult& r);
  // What was missed since the last call, behind a section's table.
  void End(const std::vector<std::string>& problems);

 private:
  void Line(const std::string& text);
  void Section(const std::string& title, const std::string& text);
  bool json_;
  std::string command_;
  std::FILE* out_;
  size_t reported_ = 0;  // problems
};

}  // namespace candor::bench
