// SPDX-License-Identifier: Apache-2.0
//
// What the benchmark found, as a Markdown table for people and JSON lines for programs.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "bound.h"
#include "quiet.h"
#include "rivals.h"
#include "speed.h"

namespace candor::bench {

// Never: 1e9.
struct CellResult {
  Cell cell;
  double p50 = 0, p95 = 0;
  int before_onset = 0;                     // alarms before there was anything to see
  double bound = 0;                         // p50
  double window = 0, jicofo = 0, five = 0;  // p50
  double owed_p50 = 0, owed_p95 = 0;        // the same with who owes known
};

class Report {
 public:
  // `json`: one object a line instead of tables.
  Report(bool json, std::FILE* out) : json_(json), out_(out) {}
  void BeginCells();
  void Add(const CellResult& r);
  void Rivals(double rate, const Quiet& q);
  void BeginQuiet();
  void Add(double rate, const QuietScenario& s, const QuietResult& r);
  void BeginSpeed();
  void Add(const Speed& s);
  void BeginScenarios();
  void AddScenario(const std::string& name, int passed, int seeds, const std::string& missed);

 private:
  void Line(const std::string& text);
  bool json_;
  std::FILE* out_;
};

}  // namespace candor::bench
