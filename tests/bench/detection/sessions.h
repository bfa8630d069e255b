// SPDX-License-Identifier: Apache-2.0
//
// What a live source reports beside the attempts themselves: sessions that the server's TCP port accepts, and
// look-ups of the calls that run. Made from the attempts of a TrafficSource and a seed. Times are those of
// the attempts.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <random>
#include <unordered_map>
#include <vector>

#include "flow/session_counts.h"
#include "traffic.h"

namespace candor::bench {

struct SessionTraffic {
  double per_attempt = 0;   // sessions of each attempt, 0.2-2 s before it; 0: the source counts no sessions
  double chats = 0;         // mean sessions beside each attempt that bring none
  double checks_every = 0;  // seconds from one health check's connection to the next, to the millisecond
  double polls_every = 0;   // mean seconds from one connection of a participant to the next ...
  double stays = 600;       // ... for so long, on average
  double burst_every = 0;   // mean seconds from one burst of webhooks to the next ...
  int burst_size = 0;       // ... of so many connections within two seconds
};

struct RunningCalls {
  double lasts = 0;  // mean seconds; 0: no look-ups
  double talks = 40,
         silent = 0;  // mean seconds for which the node sends, and does not; silent 0: it always does
  int meeting = 1;    // calls that fall silent together
};

class BesideAttempts {
 public:
  BesideAttempts(SessionTraffic sessions, RunningCalls calls, uint64_t seed);

  // An attempt that will be observed, up to kAhead later.
  void Ahead(const AttemptEvent& e);
  bool HasSessions() const { return sessions_.per_attempt > 0; }
  // Sessions accepted up to `now`; call in order of time.
  SessionCounts Sessions(Time now);
  // Look-ups due up to `now`, in order of time.
  void LookUp(Time now, const std::function<void(const AttemptEvent&)>& each);

  static constexpr Duration kAhead = std::chrono::milliseconds(2500);

 private:
  struct Call {
    AttemptEvent e;
    double look = 0, ends = 0, changes = 0, since = 0;
    bool silent = false;
  };
  struct Later {
    bool operator()(const Call& a, const Call& b) const { return a.look > b.look; }
  };
  struct Meeting {
    double changes = 0, since = 0;
    bool silent = false;
  };
  using Times = std::priority_queue<double, std::vector<double>, std::greater<>>;
  void Accept(double at) { due_.push(at); }
  void TurnMeeting(Meeting* m, double at);
  double Uniform(double a, double b) { return std::uniform_real_distribution<double>(a, b)(rng_); }
  double After(double mean) { return std::exponential_distribution<double>(1 / mean)(rng_); }
  int Number(double mean) { return mean > 0 ? std::poisson_distribution<int>(mean)(rng_) : 0; }

  SessionTraffic sessions_;
  RunningCalls calls_;
  std::mt19937_64 rng_;
  Times due_, stay_;
  double counted_ = 0, next_burst_ = 0;  // seconds
  uint64_t accepted_ = 0, started_ = 0;
  std::priority_queue<Call, std::vector<Call>, Later> running_;
  std::unordered_map<uint64_t, Meeting> meetings_;
};

}  // namespace candor::bench
