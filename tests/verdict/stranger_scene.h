// SPDX-License-Identifier: Apache-2.0
//
// A healthy node for hours, and strangers beside it who knock at ports that this node's kernel drops: Poisson
// or in bursts, at rates that step up, as scans. Every attempt of a client comes up while `fate` says so.
#pragma once

#include <functional>
#include <queue>
#include <random>
#include <vector>

#include "verdict/judge.h"

namespace candor {

class StrangerScene {
 public:
  using Curve = std::function<double(double)>;  // of seconds since the start

  Curve clients = [](double) { return 1.0; };  // attempts a second that come up ...
  Curve most_clients = clients;
  Curve dropped = [](double) { return 0.0; };  // ... but for this share, which is dropped here
  Curve strangers = [](double) { return 0.0; };
  double burst = 1;  // strangers come in bursts of so many on average, within burst_seconds
  double burst_seconds = 10;
  bool calls_run = true;     // packets of running calls come to the sockets all the time
  bool sockets_hear = true;  // and reach them

  explicit StrangerScene(uint64_t seed, JudgeOptions options = {}) : rng_(seed), judge_(std::move(options)) {}

  // Seconds in each state, from `from` on.
  struct Seconds2 {
    double degraded = 0, failing = 0, all = 0, unknown = 0;
    int alarms = 0, warnings = 0;
  };

  void Play(double seconds) {
    for (const double end = now_ + seconds; now_ < end - 1e-9; now_ += kTick) {
      for (double n = Poisson(clients(now_) * kTick); n > 0; --n) Client(now_ + Uniform() * kTick);
      for (double n = Poisson(strangers(now_) / burst * kTick); n > 0; --n) Burst(now_ + Uniform() * kTick);
      Deliver(now_ + kTick);
      const Time t = At(now_ + kTick);
      if (calls_run && sockets_hear) judge_.ObserveNode({t, t});
      judge_.Tick(t);
      Count();
    }
  }
  const Verdict& v() const { return judge_.verdict(); }
  const Seconds2& seen() const { return seen_; }
  void Forget() { seen_ = {}; }
  double now() const { return now_; }
  double failing_at() const { return failing_at_; }

 private:
  static constexpr double kTick = 0.25;
  struct Later {
    bool operator()(const AttemptEvent& a, const AttemptEvent& b) const { return a.at > b.at; }
  };
  static Time At(double t) { return Time(FromSeconds(t + 1)); }
  double Uniform() { return std::uniform_real_distribution<double>(0, 1)(rng_); }
  double Poisson(double mean) { return mean <= 0 ? 0 : std::poisson_distribution<int>(mean)(rng_); }

  void Push(AttemptEvent e, AttemptEvent::Kind kind, double at) {
    e.kind = kind, e.at = At(at);
    queue_.push(e);
  }
  AttemptEvent Begin(uint32_t first_octet) {
    AttemptEvent e;
    e.id = ++id_;
    e.peer_alive = true;
    e.peer = IpAddress::V4((first_octet + static_cast<uint32_t>(rng_() % 40)) << 24 |
                           static_cast<uint32_t>(rng_() & 0xffffff));
    return e;
  }
  void Client(double at) {
    AttemptEvent e = Begin(20);
    if (Uniform() < dropped(now_)) return Drop(e, at);
    Push(e, AttemptEvent::Kind::kOffered, at);
    const double setup = std::lognormal_distribution<double>(std::log(0.25), 0.7)(rng_);
    Push(e, AttemptEvent::Kind::kAcknowledged, at + 0.3 * setup);
    e.phase = Phase::kActive;
    Push(e, AttemptEvent::Kind::kActive, at + setup);
  }
  void Burst(double at) {
    const double many = burst <= 1 ? 1 : 1 + Poisson(burst - 1);
    for (double i = 0; i < many; ++i) Drop(Begin(100), burst <= 1 ? at : at + Uniform() * burst_seconds);
  }
  void Drop(AttemptEvent e, double at) {
    e.at_socket = false;
    Push(e, AttemptEvent::Kind::kOffered, at);
    e.waiting_on = WaitingOn::kNode;
    e.lost = {CANDOR_IN, CANDOR_DROP_NO_SOCKET};
    Push(e, AttemptEvent::Kind::kWaitingOn, at + 1);
    e.outcome = Outcome::kUnanswered;
    Push(e, AttemptEvent::Kind::kClosed, at + 10);
  }
  void Deliver(double until) {
    for (; !queue_.empty() && queue_.top().at <= At(until); queue_.pop()) {
      const AttemptEvent& e = queue_.top();
      judge_.Observe(e);
      if (v().state == State::kFailing && failing_at_ < 0) failing_at_ = now_;
    }
  }
  void Count() {
    const State s = v().state;
    seen_.all += kTick;
    seen_.degraded += s == State::kDegraded ? kTick : 0;
    seen_.failing += s == State::kFailing || s == State::kProbation ? kTick : 0;
    seen_.unknown += s == State::kUnknown ? kTick : 0;
    seen_.alarms += s == State::kFailing && before_ != s ? 1 : 0;
    seen_.warnings += s == State::kDegraded && before_ != s ? 1 : 0;
    if (s == State::kFailing && failing_at_ < 0) failing_at_ = now_;
    before_ = s;
  }

  std::mt19937_64 rng_;
  Judge judge_;
  std::priority_queue<AttemptEvent, std::vector<AttemptEvent>, Later> queue_;
  double now_ = 0, failing_at_ = -1;
  uint64_t id_ = 0;
  State before_ = State::kUnknown;
  Seconds2 seen_;
};

}  // namespace candor
