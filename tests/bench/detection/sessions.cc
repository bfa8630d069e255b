// SPDX-License-Identifier: Apache-2.0
#include "sessions.h"

#include <algorithm>
#include <cmath>

namespace candor::bench {
namespace {

constexpr double kEarlyDrop = 30;  // seconds: calls that have run for less are not looked up
constexpr double kLookEvery = 5, kSilence = 8;
constexpr size_t kOftenLooked = 1000;
constexpr size_t kMeetings = 256;

}  // namespace

BesideAttempts::BesideAttempts(SessionTraffic sessions, RunningCalls calls, uint64_t seed)
    : sessions_(sessions), calls_(calls), rng_(seed) {
  if (sessions_.burst_every > 0) next_burst_ = After(sessions_.burst_every);
}

void BesideAttempts::Ahead(const AttemptEvent& e) {
  const double at = SecondsOf(e.at);
  if (e.kind == AttemptEvent::Kind::kOffered && HasSessions() && e.at_socket) {
    for (int n = static_cast<int>(sessions_.per_attempt); n > 0; --n) Accept(at - Uniform(0.2, 2));
    for (int n = Number(sessions_.chats); n > 0; --n) Accept(at + Uniform(-2, 2));
    if (sessions_.polls_every > 0) stay_.push(at + After(sessions_.stays));
  }
  if (e.kind != AttemptEvent::Kind::kActive || calls_.lasts <= 0) return;
  Call c;
  c.e = e;
  c.look = at + kEarlyDrop + Uniform(0, kLookEvery);
  c.ends = at + After(calls_.lasts);
  c.changes = at + After(calls_.talks);
  if (c.look < c.ends) running_.push(c);
}

SessionCounts BesideAttempts::Sessions(Time now) {
  const double t = SecondsOf(now), since = counted_;
  counted_ = t;
  if (sessions_.checks_every > 0) {
    accepted_ += static_cast<uint64_t>(t / sessions_.checks_every) -
                 static_cast<uint64_t>(since / sessions_.checks_every);
  }
  for (; !stay_.empty() && stay_.top() <= t; stay_.pop()) {
  }
  if (sessions_.polls_every > 0) {
    accepted_ += static_cast<uint64_t>(
        Number(static_cast<double>(stay_.size()) * (t - since) / sessions_.polls_every));
  }
  for (; sessions_.burst_every > 0 && next_burst_ <= t; next_burst_ += After(sessions_.burst_every)) {
    for (int i = 0; i < sessions_.burst_size; ++i) Accept(next_burst_ + Uniform(0, 2));
  }
  for (; !due_.empty() && due_.top() <= t; due_.pop()) ++accepted_;
  SessionCounts counts;
  counts.unavailable = "";
  counts.at = now;
  counts.ports = {{1, 443, accepted_}};
  return counts;
}

void BesideAttempts::TurnMeeting(Meeting* m, double at) {
  while (m->changes <= at) {
    m->since = m->changes;
    m->silent = m->changes > 0 && !m->silent;
    m->changes = std::max(m->changes, at - 600) + After(m->silent ? calls_.silent : calls_.talks);
  }
}

void BesideAttempts::LookUp(Time now, const std::function<void(const AttemptEvent&)>& each) {
  while (!running_.empty() && running_.top().look <= SecondsOf(now)) {
    Call c = running_.top();
    running_.pop();
    const double t = c.look;
    if (calls_.silent > 0) {
      const uint64_t which = c.e.id / static_cast<uint64_t>(calls_.meeting);
      Meeting alone{c.changes, c.since, c.silent};
      Meeting& m = calls_.meeting > 1 ? meetings_[which % kMeetings] : alone;
      TurnMeeting(&m, t);
      c.changes = m.changes, c.since = m.since, c.silent = m.silent;
    }
    c.e.kind = AttemptEvent::Kind::kRunning;
    c.e.at = TimeFromNanos(static_cast<uint64_t>(t * 1e9));
    const bool silent = c.silent && t - c.since >= kSilence;
    c.e.service = silent ? Service::kNodeSilent : Service::kBothWays;
    if (silent) c.e.one_way_since = TimeFromNanos(static_cast<uint64_t>(c.since * 1e9));
    each(c.e);
    c.look = t + kLookEvery * std::max(1.0, static_cast<double>(running_.size()) / kOftenLooked);
    if (c.look < c.ends) {
      running_.push(c);
    } else {
      c.e.kind = AttemptEvent::Kind::kClosed;
      c.e.outcome = Outcome::kLeft;
      each(c.e);
    }
  }
}

}  // namespace candor::bench
