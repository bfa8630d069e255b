// SPDX-License-Identifier: Apache-2.0
#include "cells.h"

#include <algorithm>
#include <cmath>

#include "verdict/judge.h"

namespace candor::bench {
namespace {

constexpr size_t kPhases = 8;

// Runs `judge` over `source` until `stop(seconds)`, ticking as candord does.
template <class Stop>
void Drive(Judge* judge, TrafficSource* source, Stop&& stop) {
  constexpr Duration kTick = std::chrono::milliseconds(250);
  Time next = Time(FromSeconds(TrafficSource::kEpoch));
  for (AttemptEvent e; source->Next(&e);) {
    for (; next <= e.at; next += kTick) {
      judge->Tick(next);
      if (stop(SecondsOf(next) - TrafficSource::kEpoch)) return;
    }
    judge->Observe(e);
    if (stop(SecondsOf(e.at) - TrafficSource::kEpoch)) return;
  }
}

}  // namespace

double BaselineFailureRateAt(double seconds, double phase, double period) {
  // Between 1 % and 6 %, 3 % on average: evenly in its logarithm.
  return 0.0245 * std::exp(0.896 * std::sin((seconds / period + phase) * 2 * M_PI));
}

Traffic PlainTraffic(Cell cell, double healthy, double failing, double phase, bool says_waiting_on) {
  Traffic t;
  t.rate = Always(cell.rate);
  t.most_rate = cell.rate;
  t.seconds = healthy + failing;
  t.severity = Between(healthy, t.seconds, cell.severity);
  const double at_start = phase - healthy / kDay;
  t.usual_failing = [at_start](double s) { return BaselineFailureRateAt(s, at_start, kDay); };
  t.acknowledged_after = 0.005;  // the node answers the first check at once
  t.says_waiting_on = says_waiting_on;
  return t;
}

std::vector<std::string> LearnedBaselines(double rate, bool says_waiting_on, uint64_t seed) {
  std::vector<std::string> saved;
  const double slow = std::min(rate, 1.0);  // a day of a hundred a second would teach nothing more
  const double recent = std::max(1200.0, 3000 / rate);
  for (size_t i = 0; i < kPhases; ++i) {
    const double phase = static_cast<double>(i) / kPhases;
    Judge days{JudgeOptions{}}, judge{JudgeOptions{}};
    TrafficSource before(PlainTraffic({slow, 0}, kDay, 0, phase, says_waiting_on), seed + i);
    Drive(&days, &before, [](double) { return false; });
    if (!judge.RestoreBaseline(days.SaveBaseline(), Duration(0), Time{})) return {};
    TrafficSource source(PlainTraffic({rate, 0}, recent, 0, phase, says_waiting_on), seed + 100 + i);
    Drive(&judge, &source, [](double) { return false; });
    saved.push_back(judge.SaveBaseline());
  }
  return saved;
}

double LongestWait(Cell cell) { return std::max(120.0, 1500 / cell.rate); }

double CandorsDelay(Cell cell, bool says_waiting_on, const std::vector<std::string>& baselines,
                    uint64_t seed) {
  const double lead = std::max(60.0, 200 / cell.rate);
  const size_t at = static_cast<size_t>(seed % baselines.size());
  const double phase = static_cast<double>(at) / static_cast<double>(baselines.size()) + lead / kDay;
  Judge judge{JudgeOptions{}};
  if (!judge.RestoreBaseline(baselines[at], Duration(0), Time{})) return -1;
  TrafficSource source(PlainTraffic(cell, lead, LongestWait(cell), phase, says_waiting_on), seed);
  double delay = 1e9;
  Drive(&judge, &source, [&](double t) {
    if (judge.verdict().state != State::kFailing) return false;
    delay = t < lead ? -1 : t - lead;
    return true;
  });
  return delay;
}

double Quantile(std::vector<double> delays, double p) {
  std::sort(delays.begin(), delays.end());
  const auto at = static_cast<size_t>(p * static_cast<double>(delays.size()));
  return delays.empty() ? 1e9 : delays[std::min(delays.size() - 1, at)];
}

}  // namespace candor::bench
