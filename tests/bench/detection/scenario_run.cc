// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "scenarios.h"

namespace candor::bench {
namespace {

double TrafficSeconds(Time t) { return SecondsOf(t) - TrafficSource::kEpoch; }

std::vector<Change> ChangesOf(const Scenario& s, uint64_t seed) {
  JudgeOptions options;
  if (!s.trusted.empty()) options.trusted_sources = *ParsePrefixList(s.trusted);
  Judge judge(options);
  TrafficSource source(s.traffic, seed);
  std::vector<Change> changes;
  const auto note = [&](bool changed) {
    const Verdict& v = judge.verdict();
    if (changed) changes.push_back({TrafficSeconds(v.at), v.state, v.reason});
  };
  Time next = Time(FromSeconds(TrafficSource::kEpoch));
  for (AttemptEvent e; source.Next(&e);) {
    for (; next <= e.at; next += options.tick) note(judge.Tick(next));
    note(judge.Observe(e));
  }
  return changes;
}

bool ShouldFail(const Scenario& s, double t) {
  constexpr double kAftermath = 15;  // what failed before the end is settled after it
  for (const auto& [from, to] : s.failing) {
    if (t >= from && t <= to + kAftermath) return true;
  }
  return false;
}

std::optional<double> After(const std::vector<Change>& changes, double onset, bool degraded_will_do) {
  for (const Change& c : changes) {
    const bool bad = c.state == State::kFailing || (degraded_will_do && c.state == State::kDegraded);
    if (bad && c.t >= onset) return c.t - onset;
  }
  return std::nullopt;
}

// When it is healthy and never fails again; nullopt: never.
std::optional<double> HealthyForGood(const std::vector<Change>& changes) {
  std::optional<double> since;
  for (const Change& c : changes) {
    if (c.state == State::kFailing) since.reset();
    if (c.state == State::kHealthy && !since) since = c.t;
  }
  return since;
}

std::string Missed(const Scenario& s, const Outcomes& o) {
  const Goal& g = s.goal;
  if (o.false_alarms > g.most_false) return fmt::format("{} false alarms", o.false_alarms);
  if (g.onset && (!o.delay || *o.delay > g.within))
    return fmt::format("alarm after {:.1f} s", o.delay.value_or(-1));
  if (g.degraded_onset && (!o.degraded_delay || *o.degraded_delay > g.degraded_within)) {
    return fmt::format("degraded after {:.1f} s", o.degraded_delay.value_or(-1));
  }
  if (static_cast<int>(o.alarms.size()) > g.most_cycles) return fmt::format("{} cycles", o.alarms.size());
  if (g.recover_from && (!o.recovery || *o.recovery > *g.recover_from + g.recover_within))
    return "late recovery";
  if (g.down_until) {
    for (const Change& c : o.changes) {
      const bool down = c.t > *g.onset + g.within && c.t < *g.down_until;
      if (down && c.state != State::kFailing) return fmt::format("left FAILING at {:.1f} s", c.t);
    }
  }
  return "";
}

}  // namespace

Outcomes Run(const Scenario& s, uint64_t seed) {
  Outcomes o;
  o.changes = ChangesOf(s, seed);
  State before = State::kUnknown;
  for (const Change& c : o.changes) {
    if (c.state == State::kFailing && before != State::kFailing) {
      o.alarms.push_back(c.t);
      if (!ShouldFail(s, c.t)) ++o.false_alarms;
    }
    before = c.state;
  }
  if (s.goal.onset) o.delay = After(o.changes, *s.goal.onset, false);
  if (s.goal.degraded_onset) o.degraded_delay = After(o.changes, *s.goal.degraded_onset, true);
  o.recovery = HealthyForGood(o.changes);
  o.missed = Missed(s, o);
  return o;
}

}  // namespace candor::bench
