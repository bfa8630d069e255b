// SPDX-License-Identifier: Apache-2.0
#include "speed.h"

#include <algorithm>
#include <ctime>
#include <vector>

#include "cells.h"
#include "verdict/judge.h"

namespace candor::bench {
namespace {

std::vector<AttemptEvent> Events(double rate, uint64_t n) {
  constexpr double kEventsPerAttempt = 2.9;
  const double seconds = static_cast<double>(n) / kEventsPerAttempt / rate;
  TrafficSource source(PlainTraffic({rate, 0}, seconds, 0, 0, false), 7);
  std::vector<AttemptEvent> events;
  for (AttemptEvent e; source.Next(&e);) events.push_back(e);
  return events;
}

double ChangesOf(const std::vector<AttemptEvent>& events, uint64_t* ticks) {
  constexpr Duration kTick = std::chrono::milliseconds(250);
  Judge judge{JudgeOptions{}};
  Time next = Time(FromSeconds(TrafficSource::kEpoch));
  *ticks = 0;
  const std::clock_t began = std::clock();
  for (const AttemptEvent& e : events) {
    for (; next <= e.at; next += kTick, ++*ticks) judge.Tick(next);
    judge.Observe(e);
  }
  return static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
}

}  // namespace

Speed MeasureSpeed(double rate, uint64_t events) {
  constexpr int kRuns = 3;
  const auto made = Events(rate, events);
  Speed best{rate, made.size(), 0, 1e9};
  for (int i = 0; i < kRuns; ++i)
    best.busy_seconds = std::min(best.busy_seconds, ChangesOf(made, &best.ticks));
  return best;
}

}  // namespace candor::bench
