// SPDX-License-Identifier: Apache-2.0
//
// How fast: one cell is a rate of attempts and the share of them that the node suddenly makes fail, in the
// plain traffic that verdict.md measures with (usual share 3 % drifting from 1 to 6 %, setup times with a
// median of 0.3 s and a 99th percentile of 3 s, everything acknowledged, calm networks).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "traffic.h"

namespace candor::bench {

struct Cell {
  double rate = 1;      // attempts a second
  double severity = 1;  // share failing from the onset on
};

// Healthy for `healthy` seconds, failing for `sick` more. `phase` 0..1: where in its four hours the usual
// share is at the onset.
Traffic PlainTraffic(Cell cell, double healthy, double sick, double phase, bool says_who_owes);
double PlainUsual(double seconds, double phase);

// What a node has learned that has run in this traffic for long enough, saved at several phases of the drift.
std::vector<std::string> LearnedBaselines(double rate, bool says_who_owes, uint64_t seed);

// Seconds from the onset to FAILING; 1e9 where it never came; -1 where it came before the onset.
double CandorsDelay(Cell cell, bool says_who_owes, const std::vector<std::string>& baselines, uint64_t seed);

// p in [0, 1] of `delays`.
double Quantile(std::vector<double> delays, double p);

// Longest wait for an alarm.
double Patience(Cell cell);

}  // namespace candor::bench
