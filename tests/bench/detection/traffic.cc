// SPDX-License-Identifier: Apache-2.0
#include "traffic.h"

#include <algorithm>
#include <cmath>

namespace candor::bench {
namespace {

using Kind = AttemptEvent::Kind;

constexpr double kNever = 1e18;
constexpr double kMedian = 0.3, kSigma = 0.99;  // setup: 99th percentile 3 s
constexpr double kAckPart = 0.4;                // of the setup time, until the node acknowledges

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
  ScheduleArrival(0);
  ScheduleForgery(0);
}

void TrafficSource::Push(Pending p) {
  p.order = ++order_;
  queue_.push(p);
}

void TrafficSource::PushEvent(AttemptEvent e, Kind kind, double at) {
  if (at >= traffic_.seconds) return;
  e.kind = kind;
  e.at = At(at);
  if (kind == Kind::kVouched) e.phase = Phase::kAnswered;
  if (kind == Kind::kActive) e.phase = Phase::kActive;
  if (kind == Kind::kClosed) e.outcome = Outcome::kLeft;
  if (kind == Kind::kDead) e.outcome = Outcome::kEarlyDrop;
  Pending p;
  p.e = e;
  Push(p);
}

// Thinning: candidates at the highest rate, kept in proportion to the rate of the moment.
void TrafficSource::ScheduleArrival(double from) {
  std::exponential_distribution<double> gap(traffic_.most_rate);
  do {
    from += gap(rng_);
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

bool TrafficSource::Next(AttemptEvent* e) {
  while (true) {
    const double queued = queue_.empty() ? kNever : SecondsOf(queue_.top().e.at) - kEpoch;
    if (next_arrival_ <= queued && next_arrival_ <= next_forgery_ && next_arrival_ < kNever) {
      const double at = next_arrival_;
      MakeAttempt(Client(), at, 0, false);
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
    if (queued < traffic_.seconds) MakeAttempt(p.e.peer, queued, p.tries, p.broken);
  }
}

IpAddress TrafficSource::Client() {
  if (!traffic_.trunks.empty()) return traffic_.trunks[Chance(0.6) ? 0 : traffic_.trunks.size() - 1];
  const auto rank = std::lower_bound(upto_.begin(), upto_.end(), Uniform()) - upto_.begin();
  const auto i = std::min(static_cast<size_t>(rank), network_base_.size() - 1);
  return IpAddress::V4(network_base_[i] | static_cast<uint32_t>(rng_() & 0xffff));
}

int TrafficSource::NetworkOf(const IpAddress& a) const {
  const auto found = std::find(network_base_.begin(), network_base_.end(), a.AsV4() & 0xffff0000u);
  return found == network_base_.end() ? -1 : static_cast<int>(found - network_base_.begin());
}

double TrafficSource::Setup(double at) {
  return std::lognormal_distribution<double>(std::log(kMedian), kSigma)(rng_) * traffic_.slower(at);
}

void TrafficSource::MakeAttempt(IpAddress peer, double at, int tries, bool broken) {
  AttemptEvent e;
  e.id = ++id_;
  e.peer = peer;
  if (traffic_.says_who_owes) e.peer_alive = true;
  PushEvent(e, Kind::kOffered, at);
  const bool outage =
      traffic_.network_outage(at) > 0 &&
      std::count(traffic_.broken_networks.begin(), traffic_.broken_networks.end(), NetworkOf(peer)) > 0;
  const bool client_fails = broken || Chance(traffic_.usual_failing(at)) || (outage && Chance(0.95));
  const bool node_fails = !client_fails && Chance(traffic_.severity(at));
  if (!client_fails && !node_fails) return MakeSuccess(e, at);
  MakeFailure(e, at, node_fails ? 0.7 : 0.5, node_fails);
  Pending again;
  again.e.peer = peer;
  again.arrival = true;
  if (broken && at < traffic_.broken_to) {
    again.broken = true;
    again.e.at = At(at + Uniform(1, 3));
    Push(again);
  } else if (!broken && traffic_.retries && tries < 6) {
    again.tries = tries + 1;
    again.e.at = At(at + Uniform(5, 7));
    Push(again);
  }
}

void TrafficSource::MakeFailure(AttemptEvent e, double at, double ack_share, bool node) {
  if (!traffic_.says_who_owes) {
    if (Chance(ack_share)) PushEvent(e, Kind::kVouched, at + std::min(2.0, kAckPart * Setup(at)));
    return;
  }
  PushEvent(e, Kind::kVouched, at + std::min(2.0, kAckPart * Setup(at)));
  if (node)
    e.owed = Owed::kNode;
  else
    e.owed = Owed::kPeer;
  PushEvent(e, Kind::kOwed, at + 1 + std::min(2.0, kAckPart * Setup(at)));
}

void TrafficSource::MakeSuccess(AttemptEvent e, double at) {
  const double setup = Setup(at);
  PushEvent(e, Kind::kVouched, at + kAckPart * setup);
  PushEvent(e, Kind::kActive, at + setup);
  if (Chance(traffic_.early_deaths(at + setup))) {
    PushEvent(e, Kind::kDead, at + setup + Uniform(2, 20));
  } else if (traffic_.calls_last > 0) {
    PushEvent(e, Kind::kClosed,
              at + setup + std::exponential_distribution<double>(1 / traffic_.calls_last)(rng_));
  }
}

void TrafficSource::MakeForged(double at) {
  AttemptEvent e;
  e.id = ++id_;
  e.peer = forgers_[static_cast<size_t>(rng_() % forgers_.size())];
  PushEvent(e, Kind::kOffered, at);
}

}  // namespace candor::bench
