// SPDX-License-Identifier: Apache-2.0
//
// Scenarios, each with its traffic and the goals of the judge.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "traffic.h"
#include "verdict/judge.h"

namespace candor::bench {

struct Goal {
  int most_false = 0;           // FAILING outside `failing`
  std::optional<double> onset;  // FAILING within `within` of it
  double within = 0;
  std::optional<double> degraded_onset;  // at least DEGRADED within `degraded_within` of it
  double degraded_within = 0;
  std::optional<double> recover_from;  // HEALTHY for good within `recover_within` of it
  double recover_within = 0;
  std::optional<double> down_until;  // never leaves FAILING before
  int most_cycles = 1000;
};

struct Scenario {
  std::string name;
  Traffic traffic;
  std::vector<std::pair<double, double>> failing;  // while FAILING is right (seconds)
  Goal goal;
  std::string trusted;
  std::optional<double> severity;  // where it is one number from the onset on
};

std::vector<Scenario> Scenarios();

struct Change {
  double t = 0;
  State state = State::kUnknown;
  std::string reason;
};
struct Outcomes {
  std::vector<Change> changes;
  std::vector<double> alarms;  // moments of entering FAILING
  int false_alarms = 0;
  std::optional<double> delay;  // of the first alarm after the onset
  std::optional<double> degraded_delay, recovery;
  std::string missed;  // the goal that was missed, empty when none
};

Outcomes Run(const Scenario& s, uint64_t seed);

}  // namespace candor::bench
