// SPDX-License-Identifier: Apache-2.0
//
// How fast: one cell is a rate of attempts and the share of them that the node suddenly makes fail, in the
// plain traffic: a baseline failure rate of 3 % that drifts between 1 and 6 % with the day, setup times with
// a median of 0.3 s and a 99th percentile of 3 s, everything acknowledged, calm networks.
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

// The baseline failure rate `seconds` after the moment `phase` (0..1) of its period.
double BaselineFailureRateAt(double seconds, double phase, double period);
inline constexpr double kDay = 86400;

// Healthy for `healthy` seconds, failing for `failing` more. `phase`: time of the day at the onset, 0..1.
Traffic PlainTraffic(Cell cell, double healthy, double failing, double phase, bool says_waiting_on);

// The baselines of a node after a day of this traffic, saved at eight times of the day.
std::vector<std::string> LearnedBaselines(double rate, bool says_waiting_on, uint64_t seed);

// Seconds from the onset to FAILING; 1e9 where it never came; -1 where it came before the onset.
double CandorsDelay(Cell cell, bool says_waiting_on, const std::vector<std::string>& baselines,
                    uint64_t seed);

// p in [0, 1] of `delays`.
double Quantile(std::vector<double> delays, double p);

// Longest wait for an alarm.
double LongestWait(Cell cell);

}  // namespace candor::bench
