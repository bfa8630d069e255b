// SPDX-License-Identifier: Apache-2.0
#include "reference_rules.h"

#include <algorithm>
#include <cmath>

namespace candor::bench {
namespace {

constexpr size_t kLeastOfShare = 10, kLeastOfJicofo = 30;
constexpr double kJicofoShare = 0.10;
constexpr double kFiveInARow = 5;
constexpr size_t kJicofo = kWindowRules, kFive = kWindowRules + 1;

// Plain traffic through all the rules.
class ReferenceRules {
 public:
  ReferenceRules(Cell cell, double healthy, double failing, double phase, uint64_t seed)
      : source_(PlainTraffic(cell, healthy, failing, phase, false), seed) {
    for (const double p : kTimeouts) by_timeout_.emplace_back(p);
  }

  // Calls look(t, statistics) whenever a failure has raised them.
  template <class Look>
  void Run(Look&& look) {
    Statistics s{};
    for (AttemptEvent e; source_.Next(&e);) {
      const double t = SecondsOf(e.at) - TrafficSource::kEpoch;
      bool raised = false;
      for (size_t i = 0; i < by_timeout_.size(); ++i) {
        Windows& w = by_timeout_[i];
        if (w.Until(t)) Read(i, &s), raised = true;
        if (e.kind == AttemptEvent::Kind::kOffered) w.Begin(t, e.id);
        if (e.kind == AttemptEvent::Kind::kActive) w.Succeed(t, e.id);
      }
      if (e.kind == AttemptEvent::Kind::kActive) s[kFive] = 0;
      if (raised && !look(t, s)) return;
    }
  }

 private:
  void Read(size_t timeout, Statistics* s) const {
    const Windows& w = by_timeout_[timeout];
    for (size_t i = 0; i < kWindows.size(); ++i) {
      const size_t at = (timeout * kWindows.size() + i) * 2;
      (*s)[at] = w.Share(i, kLeastOfShare);
      (*s)[at + 1] = w.Wilson(i);
    }
    if (timeout + 1 < kTimeouts.size()) return;
    (*s)[kJicofo] = w.Share(kJicofoWindow, kLeastOfJicofo);
    (*s)[kFive] = w.in_a_row();
  }

  TrafficSource source_;
  std::vector<Windows> by_timeout_;
};

}  // namespace

void Windows::Begin(double t, uint64_t id) {
  open_.emplace_back(t, id);
  pending_.emplace(id, true);
}

void Windows::Succeed(double t, uint64_t id) {
  if (pending_.erase(id) > 0) Outcome(t, false);
}

bool Windows::Until(double now) {
  bool failed = false;
  for (; !open_.empty() && open_.front().first + timeout_ <= now; open_.pop_front()) {
    const auto [begun, id] = open_.front();
    if (pending_.erase(id) == 0) continue;
    Outcome(begun + timeout_, true);
    failed = true;
  }
  return failed;
}

void Windows::Outcome(double t, bool failed) {
  in_a_row_ = failed ? in_a_row_ + 1 : 0;
  outcomes_.emplace_back(t, failed);
  uint64_t oldest = UINT64_MAX;
  for (size_t i = 0; i < kWindows.size(); ++i) {
    Of& w = of_[i];
    w.n += 1;
    w.failed += failed;
    for (; outcomes_[w.tail - dropped_].first < t - kWindows[i]; ++w.tail) {
      w.n -= 1;
      w.failed -= outcomes_[w.tail - dropped_].second;
    }
    oldest = std::min(oldest, w.tail);
  }
  for (; dropped_ < oldest; ++dropped_) outcomes_.pop_front();
}

double Windows::Share(size_t window, size_t least) const {
  const Of& w = of_[window];
  return w.n < static_cast<double>(least) ? 0 : w.failed / w.n;
}

double Windows::Wilson(size_t window) const {
  constexpr double kZ = 1.96;
  const Of& w = of_[window];
  const double p = w.failed / w.n, z2 = kZ * kZ;
  const double spread = kZ * std::sqrt(p * (1 - p) / w.n + z2 / (4 * w.n * w.n));
  return (p + z2 / (2 * w.n) - spread) / (1 + z2 / w.n);
}

HealthyMaxima HealthyMaximaAt(double rate, double days, uint64_t seed) {
  HealthyMaxima q;
  q.days = days;
  bool jicofo = false, five = false;
  ReferenceRules reference_rules({rate, 0}, days * 86400, 0, 0, seed);
  reference_rules.Run([&](double, const Statistics& s) {
    for (size_t i = 0; i < kStatistics; ++i) q.highest[i] = std::max(q.highest[i], s[i]);
    const bool now_jicofo = s[kJicofo] > kJicofoShare, now_five = s[kFive] >= kFiveInARow;
    if (now_jicofo && !jicofo) ++q.jicofo_alarms;
    if (now_five && !five) ++q.five_alarms;
    jicofo = now_jicofo;
    five = now_five;
    return true;
  });
  return q;
}

Statistics ReferenceDelays(Cell cell, const HealthyMaxima& quiet, uint64_t seed) {
  const double healthy = kWindows.back() + kTimeouts.back();
  const double phase = static_cast<double>(seed % 8) / 8;
  ReferenceRules reference_rules(cell, healthy, LongestWait(cell), phase, seed);
  Statistics delays;
  delays.fill(1e9);
  reference_rules.Run([&](double t, const Statistics& s) {
    if (t < healthy) return true;
    bool all = true;
    for (size_t i = 0; i < kStatistics; ++i) {
      const bool fires = i == kFive ? s[i] >= kFiveInARow : s[i] > quiet.highest[i];
      if (fires) delays[i] = std::min(delays[i], t - healthy);
      all = all && delays[i] < 1e9;
    }
    return !all;
  });
  return delays;
}

}  // namespace candor::bench
