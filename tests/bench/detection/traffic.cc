// SPDX-License-Identifier: Apache-2.0
#include "traffic.h"

#include <algorithm>
#include <cmath>

namespace candor::bench {
namespace {

using Kind = AttemptEvent::Kind;

constexpr double kNever = 1e18;

constexpr double kCycle = 100;  // seconds from one call of a line to the next, on average

constexpr double kAckPart = 0.4;  // of the setup time, until the node acknowledges

Time At(double seconds) {
  return TimeFromNanos(static_cast<uint64_t>((seconds + TrafficSource::kEpoch) * 1e9));
}

}  // namespace

TrafficSource::TrafficSource(const Traffic& traffic, uint64_t seed) : traffic_(traffic), rng_(seed) {
  double sum = 0;
  for (int i = 0; i < traffic_.networks; ++i) {
    // Distinct /16s outside the private ranges, in an order that the seed decides.
    network_base_.push_back((20u + static_cast<uint32_t>(i) % 80u) << 24 |
                            (static_cast<uint32_t>(rng_() % 250) << 16));
    sum += std::pow(i + 1, -0.95);
    upto_.push_back(sum);
  }
  for (double& u : upto_) u /= sum;
  for (int i = 0; i < traffic_.forging_sources; ++i) {
    forgers_.push_back(IpAddress::V4(0x65000000u + static_cast<uint32_t>(rng_() % 0x40000000u)));
  }
  for (int i = 0; i < traffic_.broken_clients; ++i) {
    Pending p;
    p.e.peer =
        IpAddress::V4(0xb0000000u + (static_cast<uint32_t>(i) << 16) + static_cast<uint32_t>(rng_() % 60000));
    p.e.at = At(traffic_.broken_from + Uniform(0, 40));
    p.arrival = p.broken = true;
    broken_.push_back(p.e.peer);
    Push(p);
  }
  for (int i = 0; i < traffic_.lines; ++i) ScheduleLine(Uniform(0, kCycle));
  ScheduleArrival(0);
  ScheduleForgery(0);
  ScheduleLeavers(0);
}

void TrafficSource::Push(Pending p) {
  p.order = ++order_;
  queue_.push(p);
}

void TrafficSource::PushEvent(AttemptEvent e, Kind kind, double at) {
  if (at >= traffic_.seconds) return;
  e.kind = kind;
  e.at = At(at);
  if (kind == Kind::kAcknowledged) e.phase = Phase::kAnswered;
  if (kind == Kind::kActive) e.phase = Phase::kActive;
  if (kind == Kind::kClosed && e.outcome == Outcome::kPending) e.outcome = Outcome::kLeft;
  if (kind == Kind::kDead) e.outcome = Outcome::kEarlyDrop;
  Pending p;
  p.e = e;
  Push(p);
}

// Thinning: candidates at the highest rate, kept in proportion to the rate of the moment.
void TrafficSource::ScheduleArrival(double from) {
  next_arrival_ = kNever;
  if (traffic_.lines > 0) return;
  std::exponential_distribution<double> gap(traffic_.most_rate);
  do {
    from += traffic_.steady ? 1 / traffic_.most_rate : gap(rng_);
  } while (from < traffic_.seconds && !Chance(traffic_.rate(from) / traffic_.most_rate));
  next_arrival_ = from < traffic_.seconds ? from : kNever;
}

void TrafficSource::ScheduleForgery(double from) {
  next_forgery_ = kNever;
  if (traffic_.most_forged <= 0) return;
  std::exponential_distribution<double> gap(traffic_.most_forged);
  do {
    from += gap(rng_);
  } while (from < traffic_.seconds && !Chance(traffic_.forged(from) / traffic_.most_forged));
  if (from < traffic_.seconds) next_forgery_ = from;
}

void TrafficSource::ScheduleLeavers(double from) {
  if (traffic_.leavers_in_a_row <= 0) return;
  Pending p;
  p.arrival = p.leaves = true;
  p.e.at = At(from + std::exponential_distribution<double>(1 / traffic_.leavers_every)(rng_));
  Push(p);
}

// The next call of a line.
void TrafficSource::ScheduleLine(double from) {
  Pending p;
  p.arrival = p.line = true;
  p.e.peer = Client();
  p.e.at = At(from);
  Push(p);
}

bool TrafficSource::Next(AttemptEvent* e) {
  while (true) {
    const double queued = queue_.empty() ? kNever : SecondsOf(queue_.top().e.at) - kEpoch;
    if (next_arrival_ <= queued && next_arrival_ <= next_forgery_ && next_arrival_ < kNever) {
      const double at = next_arrival_;
      MakeBurst(at);
      ScheduleArrival(at);
      continue;
    }
    if (next_forgery_ <= queued && next_forgery_ < kNever) {
      const double at = next_forgery_;
      MakeForged(at);
      ScheduleForgery(at);
      continue;
    }
    if (queue_.empty()) return false;
    const Pending p = queue_.top();
    queue_.pop();
    if (!p.arrival) {
      *e = p.e;
      return true;
    }
    if (queued < traffic_.seconds) MakeAttempt(p, queued);
  }
}

// An arrival, and those who come with it.
void TrafficSource::MakeBurst(double at) {
  if (at < quiet_until_) return;
  Pending p;
  p.e.peer = Client();
  MakeAttempt(p, at);
  if (traffic_.burst <= 0 || !Chance(traffic_.burst)) return;
  for (int i = 0; i < traffic_.burst_size; ++i) {
    Pending other;
    other.arrival = true;
    other.e.peer = Client();
    other.e.at = At(at + Uniform());
    Push(other);
  }
}

IpAddress TrafficSource::Client() {
  if (!traffic_.trunks.empty()) return traffic_.trunks[Chance(0.6) ? 0 : traffic_.trunks.size() - 1];
  if (Chance(traffic_.shared_address)) {
    constexpr uint64_t kAddresses = 8;
    const uint64_t nat = rng_() % kAddresses;
    return IpAddress::V4(network_base_[nat] | static_cast<uint32_t>(nat + 1));
  }
  const auto rank = std::lower_bound(upto_.begin(), upto_.end(), Uniform()) - upto_.begin();
  const auto i = std::min(static_cast<size_t>(rank), network_base_.size() - 1);
  return IpAddress::V4(network_base_[i] | static_cast<uint32_t>(rng_() & 0xffff));
}

int TrafficSource::NetworkOf(const IpAddress& a) const {
  const auto found = std::find(network_base_.begin(), network_base_.end(), a.AsV4() & 0xffff0000u);
  return found == network_base_.end() ? -1 : static_cast<int>(found - network_base_.begin());
}

double TrafficSource::Setup(double at) {
  const double median = traffic_.setup_median;
  return std::lognormal_distribution<double>(std::log(median), traffic_.setup_sigma)(rng_) *
         traffic_.slower(at);
}

void TrafficSource::MakeAttempt(const Pending& arrival, double at) {
  AttemptEvent e;
  e.id = ++id_;
  e.peer = arrival.leaves ? Client() : arrival.e.peer;
  if (traffic_.says_waiting_on) e.peer_alive = true;
  e.media_known = traffic_.media.known;
  PushEvent(e, Kind::kOffered, at);
  const bool outage =
      traffic_.network_outage(at) > 0 &&
      std::count(traffic_.broken_networks.begin(), traffic_.broken_networks.end(), NetworkOf(e.peer)) > 0;
  const bool client_fails =
      arrival.broken || arrival.leaves || Chance(traffic_.usual_failing(at)) || (outage && Chance(0.95));
  const bool node_fails = !client_fails && Chance(traffic_.severity(at));
  if (!client_fails && !node_fails) return MakeSuccess(e, at, arrival.line);
  MakeFailure(e, at, node_fails);
  arrival.line ? ScheduleLine(at + Uniform(5, 30)) : ComeBack(arrival, at);
}

// Some of those who failed try again.
void TrafficSource::ComeBack(const Pending& p, double at) {
  Pending again = p;
  again.arrival = true;
  if (p.leaves) {
    constexpr double kApart = 0.7;
    again.tries = p.tries + 1;
    quiet_until_ = at + 2 * kApart;
    if (again.tries >= traffic_.leavers_in_a_row) return ScheduleLeavers(at);
    again.e.at = At(at + kApart);
    Push(again);
  } else if (p.broken && at < traffic_.broken_to) {
    double next = at + Uniform(1, 3);
    while (next < traffic_.broken_to && traffic_.broken(next) <= 0) next += Uniform(0, 60);
    again.e.at = At(next);
    Push(again);
  } else if (!p.broken && traffic_.retries && p.tries < 6) {
    again.tries = p.tries + 1;
    again.e.at = At(at + Uniform(5, 7));
    Push(again);
  }
}

double TrafficSource::AcknowledgedAfter(double at) {
  return traffic_.acknowledged_after >= 0 ? traffic_.acknowledged_after : std::min(2.0, kAckPart * Setup(at));
}

void TrafficSource::MakeFailure(AttemptEvent e, double at, bool node) {
  const double get_so_far = node ? 0.7 : 0.5;
  const bool acknowledged =
      traffic_.says_waiting_on || traffic_.acknowledged_after >= 0 || Chance(get_so_far);
  if (acknowledged) PushEvent(e, Kind::kAcknowledged, at + AcknowledgedAfter(at));
  if (traffic_.says_waiting_on) MakeWaitingOn(e, at, node);
}

void TrafficSource::MakeWaitingOn(AttemptEvent e, double at, bool node) {
  constexpr double kPatience = 1, kDeadline = 10, kShareThatLeaves = 0.8;
  e.waiting_on = node ? WaitingOn::kNode : WaitingOn::kPeer;
  PushEvent(e, Kind::kWaitingOn, at + kPatience + AcknowledgedAfter(at));
  const bool leaves = !node && Chance(kShareThatLeaves);
  if (leaves) {
    e.peer_alive = false;
    PushEvent(e, Kind::kWaitingOn, at + Uniform(5, 8));
  }
  e.outcome = leaves ? Outcome::kLeft : Outcome::kStalled;
  PushEvent(e, Kind::kClosed, at + kDeadline);
}

void TrafficSource::MakeSuccess(AttemptEvent e, double at, bool line) {
  // Where RTP is lost, the node's first RTCP report makes the attempt active.
  const bool lost = traffic_.media.known && Chance(traffic_.media.rtp_lost(at));
  const double setup = Setup(at) + (lost ? Uniform(0.5, 1.7) : 0);
  const double acknowledged =
      traffic_.acknowledged_after >= 0 ? traffic_.acknowledged_after : kAckPart * setup;
  PushEvent(e, Kind::kAcknowledged, at + std::min(acknowledged, setup));
  MakeMedia(&e, at + setup, lost);
  PushEvent(e, Kind::kActive, at + setup);
  if (line) return MakeCall(e, at + setup);
  if (Chance(traffic_.early_deaths(at + setup))) {
    PushEvent(e, Kind::kDead, at + setup + Uniform(2, 20));
  } else if (traffic_.calls_last > 0) {
    PushEvent(e, Kind::kClosed,
              at + setup + std::exponential_distribution<double>(1 / traffic_.calls_last)(rng_));
  }
}

// What has come by the time it becomes active is left in `e`.
void TrafficSource::MakeMedia(AttemptEvent* e, double active, bool lost) {
  if (!traffic_.media.known) return;
  const auto later = [&](uint8_t bits, double after) {
    AttemptEvent more = *e;
    more.phase = Phase::kActive;
    more.media = static_cast<uint8_t>(e->media | bits);
    PushEvent(more, Kind::kMedia, active + after);
  };
  if (Chance(traffic_.media.quiet)) {
    const double manner = Uniform(0, 3);
    if (manner < 1) return later(kDataIn | kDataOut, Uniform(0.02, 0.5));
    if (manner < 2 && !lost) later(kRtpOut, Uniform(0, 0.8));
    return;  // or RTCP and consent checks alone
  }
  e->media = kRtpIn;
  const double after = Chance(traffic_.media.alone(active)) ? Uniform(10, 300) : Uniform(0, 0.3);
  if (!lost) later(kRtpOut, after);
}

// Holds are silence one way or both: no event.
void TrafficSource::MakeCall(AttemptEvent e, double active) {
  const double talk = Uniform(10, 110), hold = Uniform(5, 60);
  PushEvent(e, Kind::kClosed, active + talk + hold);
  ScheduleLine(active + talk + hold + Uniform(0.2, 15));
}

void TrafficSource::MakeForged(double at) {
  AttemptEvent e;
  e.id = ++id_;
  e.peer = forgers_[static_cast<size_t>(rng_() % forgers_.size())];
  e.at_socket = !traffic_.forged_are_lost;
  PushEvent(e, Kind::kOffered, at);
  if (e.at_socket) return;
  e.waiting_on = WaitingOn::kNode;
  e.lost = {CANDOR_IN, CANDOR_DROP_NETFILTER};
  PushEvent(e, Kind::kWaitingOn, at + 1);
  e.outcome = Outcome::kUnanswered;
  PushEvent(e, Kind::kClosed, at + 10);
}

}  // namespace candor::bench
