// SPDX-License-Identifier: Apache-2.0
//
// What detection_bench was asked for.
#pragma once

#include <optional>
#include <set>
#include <string>

namespace candor::bench {

struct BenchOptions {
  bool quick = false;      // a minute, and asserts what a minute can show
  bool json = false;       // one object a line instead of tables
  bool months = false;     // healthy traffic alone, for as long as the claim needs
  double days = 90;        // of healthy traffic: 90 without an alarm are "at most one in 30 days", 95 % sure
  std::set<double> rates;  // attempts a second; empty: those that the part has by itself
  std::string only;        // traffic and scenarios whose name contains this
  std::set<std::string> parts;

  bool At(double rate) const { return rates.empty() || rates.count(rate) > 0; }
  bool Wants(const char* part) const { return parts.empty() || parts.count(part) > 0; }
};

inline constexpr const char* kBenchUsage =
    "detection_bench [--quick] [--json] [--rate ATTEMPTS_PER_SECOND]... [--only TEXT] [arrivals] [cells] "
    "[quiet] [scenarios] [speed]\n"
    "detection_bench --months [--days N] [--rate ATTEMPTS_PER_SECOND]... [--only TEXT] [--json] [arrivals] "
    "[quiet]\n";

// Nothing when the arguments make no sense.
std::optional<BenchOptions> ParseBenchOptions(int argc, char** argv);

}  // namespace candor::bench
