// SPDX-License-Identifier: Apache-2.0
#include "reach.h"

#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "bound.h"
#include "exact.h"

namespace candor::bench {
namespace {

using Kind = AttemptEvent::Kind;

constexpr double kNever = 1e9, kStep = 0.05;
constexpr double kUsual = 0.03;  // of all scenarios with a severity

struct Attempt {
  double start = 0, acknowledged = kNever, active = kNever;
  bool retry = false;
};

// All that happens, in order of arrival.
std::deque<Attempt> AttemptsOf(const Scenario& s, uint64_t seed, double from, double to) {
  TrafficSource source(s.traffic, seed);
  std::deque<Attempt> attempts;
  std::unordered_map<uint64_t, size_t> place;
  std::unordered_set<IpAddress> seen;
  for (AttemptEvent e; source.Next(&e);) {
    const double t = SecondsOf(e.at) - TrafficSource::kEpoch;
    if (t > to) break;
    if (e.kind == Kind::kOffered && t >= from) {
      place[e.id] = attempts.size();
      const bool retry = s.trusted.empty() && !seen.insert(e.peer).second;
      attempts.push_back({t, kNever, kNever, retry});
    }
    const auto found = place.find(e.id);
    if (found == place.end()) continue;
    if (e.kind == Kind::kAcknowledged) attempts[found->second].acknowledged = t;
    if (e.kind == Kind::kActive) attempts[found->second].active = t;
  }
  return attempts;
}

}  // namespace

Reach::Reach(const Scenario& s)
    : scenario_(s),
      severity_(*s.severity),
      threshold_(Bound({s.traffic.rate(*s.goal.onset), severity_}, 200'000, 3).threshold()) {}

double Reach::Delay(uint64_t seed) const {
  const double onset = *scenario_.goal.onset, lead = 60, timeout = 10 * scenario_.goal.within;
  auto open = AttemptsOf(scenario_, seed, onset - lead, onset + timeout);
  const auto says = [&](const Attempt& a, double now) {
    if (a.retry || a.acknowledged > now) return 0.0;
    return a.active <= now ? ExactActive(severity_) : ExactPending(kUsual, severity_, now - a.start);
  };
  double settled = 0;
  for (double now = onset - lead; now < onset + timeout; now += kStep) {
    while (!open.empty() && (open.front().active <= now || open.front().start + kExactDeadline <= now)) {
      settled = std::max(0.0, settled + says(open.front(), now));
      open.pop_front();
    }
    double z = settled;
    for (auto a = open.begin(); a != open.end() && a->start <= now; ++a) z = std::max(0.0, z + says(*a, now));
    if (z >= threshold_ && now >= onset) return now - onset;
  }
  return kNever;
}

}  // namespace candor::bench
