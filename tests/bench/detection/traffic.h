// SPDX-License-Identifier: Apache-2.0
//
// Makes attempts as a media node would see them, from a seed: Poisson arrivals from client networks of very
// unequal size, log-normal setup times, clients that fail by themselves, and whatever a scenario adds.
// Streams in order of time in constant memory, so that months can be simulated.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <random>
#include <vector>

#include "attempt/attempt_event.h"

namespace candor::bench {

// Everything that may change with time is a function of seconds since the start.
using Curve = std::function<double(double)>;
inline Curve Always(double x) {
  return [x](double) { return x; };
}
// `inside` within [from, to), else `outside`.
inline Curve Between(double from, double to, double inside, double outside = 0) {
  return [=](double t) { return t >= from && t < to ? inside : outside; };
}

// Setup times are log-normal: 99th percentile 3 s.
inline constexpr double kSetupMedian = 0.3, kSetupSigma = 0.99;

// What connections carry once they are active.
struct Media {
  bool known = false;          // the source reports media
  double quiet = 0;            // share of participants who send none: data, or listening, or consent alone
  Curve alone = Always(0);     // share of the others who wait for a second participant longer than 10 s
  Curve rtp_lost = Always(0);  // share of attempts whose RTP out is lost, while RTCP passes
};

struct Traffic {
  double seconds = 1800;
  Curve rate = Always(5);              // attempts a second
  Curve usual_failing = Always(0.03);  // clients that fail by themselves
  Curve severity = Always(0);          // share that the node makes fail
  Curve slower = Always(1);            // factor on setup times
  Curve early_deaths = Always(0);      // share of the active that die within 2-20 s
  double most_rate = 10;               // an upper bound of `rate`
  bool steady = false;                 // at this rate to the millisecond
  double setup_median = kSetupMedian, setup_sigma = kSetupSigma;
  Media media;

  std::vector<int> broken_networks;  // by rank of size
  Curve network_outage = Always(0);  // 1 while they fail 95 % of their attempts
  int networks = 200;
  std::vector<IpAddress> trunks;  // when not empty, all traffic comes from these

  bool retries = false;    // a client whose attempt fails comes back after 5-7 s, up to six times
  int broken_clients = 0;  // try and fail again every 1-3 s ...
  double broken_from = 0, broken_to = 0;
  Curve broken = Always(1);  // ... while this is 1
  Curve forged = Always(0);  // forged attempts a second ...
  double most_forged = 0;
  int forging_sources = 0;       // ... from so many addresses
  bool forged_are_lost = false;  // to ports that a firewall drops
  double calls_last = 0;         // mean seconds until a close; 0: no close events

  // Seconds until the node acknowledges, of failures too; negative: a part of the setup time, and only some
  // failures get so far.
  double acknowledged_after = -1;
  // Failures carry on whom they wait from 1 s on: the node's on the node, the clients' on the client, most of
  // whom leave and are known to have left after some seconds.
  bool says_waiting_on = false;

  // Calls of SIP trunks, one after another on each of so many lines; they come instead of `rate`. Each is
  // held for 5-60 s, most within its first 30 s.
  int lines = 0;

  double shared_address = 0;  // share of attempts that come from one of eight addresses with many clients
  double burst = 0;           // chance that an arrival brings `burst_size` others within a second
  int burst_size = 0;         // from as many networks
  double leavers_every = 0;   // mean seconds between rows of clients who leave without a word; 0: none
  int leavers_in_a_row = 0;   // one after another, no others between their packets
};

class TrafficSource {
 public:
  TrafficSource(const Traffic& traffic, uint64_t seed);
  // The next event in order of time; false at the end. Times begin at one second (0 means "never").
  bool Next(AttemptEvent* e);

  static constexpr double kEpoch = 1;  // seconds

 private:
  struct Pending {
    AttemptEvent e;
    int tries = 0;  // of a client that will be back: an arrival still to be made
    bool arrival = false;
    bool broken = false;
    bool leaves = false;
    bool line = false;
    uint64_t order = 0;
  };
  struct Later {
    bool operator()(const Pending& a, const Pending& b) const {
      return a.e.at != b.e.at ? a.e.at > b.e.at : a.order > b.order;
    }
  };
  void Push(Pending p);
  void PushEvent(AttemptEvent e, AttemptEvent::Kind kind, double at);
  void ScheduleArrival(double from);
  void ScheduleForgery(double from);
  void ScheduleLeavers(double from);
  void ScheduleLine(double from);
  void MakeAttempt(const Pending& arrival, double at);
  void MakeBurst(double at);
  void ComeBack(const Pending& p, double at);
  void MakeFailure(AttemptEvent e, double at, bool node);
  void MakeWaitingOn(AttemptEvent e, double at, bool node);
  double AcknowledgedAfter(double at);
  void MakeSuccess(AttemptEvent e, double at, bool line);
  void MakeMedia(AttemptEvent* e, double active, bool lost);
  void MakeCall(AttemptEvent e, double active);
  void MakeForged(double at);
  IpAddress Client();
  int NetworkOf(const IpAddress& a) const;
  double Uniform(double a = 0, double b = 1) { return std::uniform_real_distribution<double>(a, b)(rng_); }
  double Setup(double at);
  bool Chance(double p) { return Uniform() < p; }

  Traffic traffic_;
  std::mt19937_64 rng_;
  std::vector<uint32_t> network_base_;  // /16 of each rank
  std::vector<double> upto_;            // cumulative share of each rank
  std::vector<IpAddress> forgers_, broken_;
  std::priority_queue<Pending, std::vector<Pending>, Later> queue_;
  double next_arrival_ = 0, next_forgery_ = 0;
  double quiet_until_ = 0;  // while leavers come, no others do
  uint64_t id_ = 0, order_ = 0;
};

}  // namespace candor::bench
