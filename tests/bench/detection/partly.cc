// SPDX-License-Identifier: Apache-2.0
#include "partly.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <random>
#include <vector>

#include "cells.h"
#include "verdict/judge.h"

namespace candor::bench {
namespace {

using Kind = AttemptEvent::Kind;
constexpr double kMonth = 30 * 86400.0;
constexpr double kUsuallyUnanswered = 0.005;

// Clients of one case, in order of time.
class Clients {
 public:
  Clients(const PartlyCase& c, uint64_t seed) : c_(c), rng_(seed) {
    double sum = 0;
    for (int i = 0; i < c_.networks; ++i) {
      networks_.push_back((20u + static_cast<uint32_t>(i) % 80u) << 24 | static_cast<uint32_t>(rng_() % 250)
                                                                             << 16);
      sizes_.push_back(sum += std::pow(i + 1, -0.95));
    }
    for (int i = 0; i < c_.addresses; ++i) regulars_.push_back(Anyone());
    for (int i = 0; i < c_.sources; ++i) {
      const auto stranger = IpAddress::V4(0x65000000u + static_cast<uint32_t>(rng_() % 0x40000000u));
      forgers_.push_back(c_.forged_from_clients_networks ? Anyone() : stranger);
    }
    Push({}, 1, What::kClient);
    if (c_.forged > 0) Push({}, 1 + c_.learned, What::kForged);
    for (int i = 0; i < c_.broken; ++i) {
      AttemptEvent e;
      e.peer = regulars_[static_cast<size_t>(i)];
      Push(e, 1 + c_.learned + 20 * Uniform(), What::kBroken);
    }
  }

  bool Next(AttemptEvent* e) {
    while (!queue_.empty()) {
      const Item item = queue_.top();
      queue_.pop();
      if (item.what == What::kEvent) {
        *e = item.e;
        return true;
      }
      if (const double t = SecondsOf(item.e.at); t < 1 + c_.learned + c_.lasts) Begin(item, t);
    }
    return false;
  }

 private:
  enum class What : uint8_t { kEvent, kClient, kReturn, kForged, kBroken };
  struct Item {
    AttemptEvent e;
    What what = What::kEvent;
    uint64_t order = 0;
  };
  struct Later {
    bool operator()(const Item& a, const Item& b) const {
      return a.e.at != b.e.at ? a.e.at > b.e.at : a.order > b.order;
    }
  };
  double Uniform() { return std::uniform_real_distribution<double>()(rng_); }
  double Gap(double rate) { return std::exponential_distribution<double>(rate)(rng_); }
  bool After(double t) const { return t >= 1 + c_.learned; }
  void Push(AttemptEvent e, double t, What what = What::kEvent) {
    e.at = Time(FromSeconds(t));
    queue_.push({e, what, ++order_});
  }

  void Begin(const Item& item, double t) {
    const double rate = c_.rate * (After(t) ? (1 - c_.fall) * c_.surge : 1);
    switch (item.what) {
      case What::kForged:
        Push({}, t + Gap(c_.forged), What::kForged);
        return Unanswered(forgers_[rng_() % forgers_.size()], t, false);
      case What::kBroken:
        Push(item.e, t + 1 + 2 * Uniform(), What::kBroken);
        return Unanswered(item.e.peer, t, false);
      case What::kClient:
        Push({}, t + Gap(rate), What::kClient);
        return Come(Uniform() < c_.regulars ? regulars_[rng_() % regulars_.size()] : Anyone(), t);
      case What::kReturn:
        return Come(item.e.peer, t);
      case What::kEvent:
        return;
    }
  }

  IpAddress Anyone() {
    const double at = Uniform() * sizes_.back();
    const auto i = static_cast<size_t>(std::lower_bound(sizes_.begin(), sizes_.end(), at) - sizes_.begin());
    return IpAddress::V4(networks_[i] | static_cast<uint32_t>(rng_() & 0xffff));
  }

  void Come(const IpAddress& peer, double t) {
    const bool deaf = After(t) && Uniform() < c_.share;
    if (deaf || Uniform() < kUsuallyUnanswered) return Unanswered(peer, t, deaf);
    AttemptEvent e = Offer(peer, t);
    e.kind = Kind::kAcknowledged;
    e.phase = Phase::kAnswered;
    Push(e, t + 0.02);
    e.kind = Kind::kActive;
    e.phase = Phase::kActive;
    Push(e, t + 0.02 + std::lognormal_distribution<double>(std::log(kSetupMedian), kSetupSigma)(rng_));
  }
  void Unanswered(const IpAddress& peer, double t, bool may_return) {
    AttemptEvent e = Offer(peer, t);
    e.kind = Kind::kWaitingOn;
    e.waiting_on = WaitingOn::kNode;
    Push(e, t + 1);
    e.kind = Kind::kClosed;
    e.outcome = Outcome::kUnanswered;
    Push(e, t + 10);
    if (!may_return || Uniform() >= c_.returns) return;
    AttemptEvent again;
    again.peer = peer;
    Push(again, t + 8 + 8 * Uniform(), What::kReturn);
  }
  AttemptEvent Offer(const IpAddress& peer, double t) {
    AttemptEvent e;
    e.kind = Kind::kOffered;
    e.id = ++id_;
    e.peer = peer;
    e.peer_alive = true;
    Push(e, t);
    return e;
  }

  PartlyCase c_;
  std::mt19937_64 rng_;
  std::vector<uint32_t> networks_;
  std::vector<double> sizes_;
  std::vector<IpAddress> regulars_, forgers_;
  std::priority_queue<Item, std::vector<Item>, Later> queue_;
  uint64_t id_ = 0, order_ = 0;
};

void Note(const Verdict& v, double t, PartlyDelay* d) {
  if (v.state != State::kDegraded && v.state != State::kFailing) return;
  d->flagged = std::min(d->flagged, t);
  if (v.reason == "partly_unanswered") d->named = std::min(d->named, t);
  if (v.state == State::kFailing) d->failing = std::min(d->failing, t);
  d->called_forged = d->called_forged || v.detail.find("likely forged") != std::string::npos;
}

}  // namespace

PartlyDelay DelayOfPartly(const PartlyCase& c, uint64_t seed) {
  constexpr Duration kTick = std::chrono::milliseconds(250);
  Judge judge{JudgeOptions{}};
  Clients clients(c, seed);
  PartlyDelay d;
  Time next = Time(FromSeconds(1));
  for (AttemptEvent e; clients.Next(&e);) {
    for (; next <= e.at; next += kTick) {
      judge.ObserveNode({next, next});
      judge.Tick(next);
      const double t = SecondsOf(next) - 1 - c.learned;
      if (t >= 0) Note(judge.verdict(), t, &d);
      if (d.failing < 1e9) return d;
    }
    judge.Observe(e);
  }
  return d;
}

double BoundOfPartly(const PartlyCase& c, bool nobody_forges, uint64_t seed) {
  std::mt19937_64 rng(seed);
  std::exponential_distribution<double> gap(c.rate);
  std::uniform_real_distribution<double> chance;
  const double p = kUsuallyUnanswered, q = p + (1 - p) * c.share;
  const double needed = nobody_forges ? std::log(kMonth * c.rate) : std::log(1000.0);
  double z = 0;
  for (double t = gap(rng); t < c.lasts; t += gap(rng)) {
    const bool deaf = chance(rng) < c.share;
    if (nobody_forges) {
      z = std::max(0.0, z + (deaf ? std::log(q / p) : std::log((1 - q) / (1 - p))));
      if (z >= needed) return t + 1;  // an answer is late after a second
      continue;
    }
    // The acknowledgements that are missing by `t`, as a Poisson count.
    if (!deaf) z += std::log(1 - c.share);
    if (z + c.rate * c.share * t >= needed) return t;
  }
  return 1e9;
}

}  // namespace candor::bench
