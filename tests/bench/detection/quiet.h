// SPDX-License-Identifier: Apache-2.0
//
// False alarms: months of traffic of a healthy node whose clients, networks and strangers misbehave. Every
// FAILING is a false alarm.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sessions.h"
#include "traffic.h"

namespace candor::bench {

struct QuietScenario {
  std::string name;
  Traffic traffic;
  bool separable = true;  // false: one node alone cannot tell it from its own failure (or not yet: LIMITS.md)
  std::string trusted = {};
  SessionTraffic sessions = {};
  RunningCalls calls = {};
};

// All of them at `rate` attempts a second for `days`.
std::vector<QuietScenario> QuietScenarios(double rate, double days);

struct QuietResult {
  uint64_t alarms = 0;                      // times FAILING was entered
  uint64_t degradings = 0;                  // times DEGRADED was entered
  uint64_t ceasings = 0;                    // times attempts_ceased became the reason
  std::map<std::string, uint64_t> reasons;  // of these, by state and reason
  uint64_t events = 0;
  double days = 0;
  double busy_seconds = 0;  // of this machine, traffic and judge together
  std::string harms;        // the first five times DEGRADED, in words
  std::string first;        // the first alarm in words, empty when none

  double PerMonth() const { return static_cast<double>(alarms) * 30 / days; }
  // Upper bound of the alarms in 30 days, 95 % sure (Poisson).
  double PerMonthAtMost() const;
};
QuietResult RunQuiet(const QuietScenario& scenario, uint64_t seed);

}  // namespace candor::bench
