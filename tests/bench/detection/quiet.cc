// SPDX-License-Identifier: Apache-2.0
#include "quiet.h"

#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <deque>

#include "cells.h"
#include "verdict/judge.h"

namespace candor::bench {
namespace {

constexpr double kHour = 3600;

// `inside` for `lasts` seconds of every `every`, the first time after an hour.
Curve Sometimes(double every, double lasts, double inside, double outside = 0) {
  return [=](double t) { return t >= kHour && std::fmod(t - kHour, every) < lasts ? inside : outside; };
}

Curve Drifting(double period) {
  return [period](double t) { return BaselineFailureRateAt(t, 0, period); };
}

Traffic Outage(Traffic t, int first, int last, double every) {
  t.broken_networks.clear();
  for (int i = first; i <= last; ++i) t.broken_networks.push_back(i);
  t.network_outage = Sometimes(every, 900, 1);
  t.retries = true;
  return t;
}

Traffic Forged(Traffic t, int sources, double rate) {
  t.forging_sources = sources;
  t.most_forged = rate;
  t.forged = Sometimes(6 * kHour, 300, rate);
  return t;
}

Traffic FlashCrowd(Traffic t, double rate) {
  t.most_rate = 7 * rate;
  t.rate = Sometimes(6 * kHour, 240, 7 * rate, rate);
  t.usual_failing = [](double s) {
    const bool surging = s >= kHour && std::fmod(s - kHour, 6 * kHour) < 240;
    return BaselineFailureRateAt(s, 0, kDay) * (surging ? 1.5 : 1);
  };
  t.slower = Sometimes(6 * kHour, 240, 1.7, 1);
  return t;
}

Traffic QuietParticipants(Traffic t) {
  t.media.known = true;
  t.media.quiet = 0.25;
  t.setup_median = 0.06;
  t.setup_sigma = 0.7;
  t.calls_last = 600;
  return t;
}

// Most who come in the first quarter of an hour of a working day are the first of their meeting.
Traffic MeetingsBegin(Traffic t) {
  t = QuietParticipants(t);
  t.media.quiet = 0.1;
  t.media.alone = Sometimes(kDay, 900, 0.7, 0.05);
  return t;
}

Traffic SipCalls(Traffic t, double rate, int trunks) {
  t.media.known = true;
  t.usual_failing = Always(0.02);
  t.lines = std::max(1, static_cast<int>(rate * 100));
  t.setup_median = 0.03;
  t.setup_sigma = 0.5;
  for (int i = 0; i < trunks; ++i) t.trunks.push_back(*IpAddress::Parse(fmt::format("203.0.{}.10", 100 + i)));
  return t;
}

}  // namespace

std::vector<QuietScenario> QuietScenarios(double rate, double days) {
  Traffic plain;
  plain.seconds = days * kDay;
  plain.rate = Always(rate);
  plain.most_rate = rate;
  plain.usual_failing = Drifting(kDay);
  Traffic acknowledged = plain, swings = plain, retries = plain, broken = plain, nat = plain, bursts = plain,
          leavers = plain;
  acknowledged.acknowledged_after = 0.005;
  swings.usual_failing = Drifting(4 * kHour);
  retries.retries = true;
  broken.broken_clients = 12;
  broken.broken_from = kHour;
  broken.broken_to = plain.seconds;
  broken.broken = Sometimes(kDay, 900, 1);
  nat.shared_address = 0.2;
  bursts.burst = 0.01;
  bursts.burst_size = 25;
  leavers.leavers_every = 1800;
  leavers.leavers_in_a_row = 5;
  leavers.says_waiting_on = true;
  Traffic three = Outage(plain, 0, 0, kDay);
  three.broken_networks = {0, 3, 7};
  return {{"drift over a day, all acknowledged", acknowledged},
          {"drift over four hours", swings},
          {"provider outage, 3 networks", three},
          {"provider outage, 40 networks", Outage(plain, 5, 44, 30 * kDay), false},
          {"retries by victims", retries},
          {"retry storm of 12 broken clients", broken},
          {"forged from 1 source", Forged(plain, 1, 20)},
          {"forged from 1,000 sources", Forged(plain, 1000, 10)},
          {"flash crowds", FlashCrowd(plain, rate)},
          {"shared NATs", nat},
          {"bursts", bursts},
          {"quiet participants 25 %", QuietParticipants(plain)},
          {"meetings that begin in the morning", MeetingsBegin(plain)},
          {"sequential SIP calls with hold", SipCalls(plain, rate, 1), true, "203.0.100.10"},
          {"sequential SIP calls with hold, six trunks", SipCalls(plain, rate, 6)},
          // Until a leaver is known as one (6.5 s) nothing on the wire tells a row of them, with nobody else
          // between, from a node that fails all: the first two such rows raise an alarm, then they are usual.
          {"five leavers in a row", leavers, false}};
}

double QuietResult::PerMonthAtMost() const {
  // The mean that would show so few alarms in one of twenty runs, by halving.
  double low = 0, high = 10 + 3 * static_cast<double>(alarms);
  for (int i = 0; i < 60; ++i) {
    const double mean = (low + high) / 2;
    double term = std::exp(-mean), chance = term;
    for (uint64_t k = 1; k <= alarms; ++k) chance += term *= mean / static_cast<double>(k);
    (chance > 0.05 ? low : high) = mean;
  }
  return low * 30 / days;
}

namespace {

// The attempts of a source in order of time, and what stands beside them.
class Live {
 public:
  Live(const QuietScenario& s, uint64_t seed)
      : source_(s.traffic, seed), beside_(s.sessions, s.calls, seed + 1) {}
  bool Next(AttemptEvent* e) {
    for (AttemptEvent more; !ended_ && Short();) {
      if (ended_ = !source_.Next(&more); ended_) break;
      beside_.Ahead(more);
      ahead_.push_back(more);
    }
    if (ahead_.empty()) return false;
    *e = ahead_.front();
    ahead_.pop_front();
    return true;
  }
  void Look(Time now, Judge* judge) {
    beside_.LookUp(now, [judge](const AttemptEvent& e) { judge->Observe(e); });
    if (!beside_.HasSessions() || now - counted_ < std::chrono::seconds(1)) return;
    counted_ = now;
    judge->ObserveSessions(beside_.Sessions(now));
  }

 private:
  bool Short() const {
    return ahead_.empty() || ahead_.back().at - ahead_.front().at < BesideAttempts::kAhead;
  }
  TrafficSource source_;
  BesideAttempts beside_;
  std::deque<AttemptEvent> ahead_;
  bool ended_ = false;
  Time counted_{};
};

// Counts the states that are entered.
class Entries {
 public:
  explicit Entries(QuietResult* r) : r_(r) {}
  void Look(const Verdict& v) {
    const bool ceased = v.reason == "attempts_ceased";
    if (v.state == state_ && ceased == ceased_) return;
    const bool entered = v.state != state_;
    state_ = v.state, ceased_ = ceased;
    const auto say = [&] {
      ++r_->reasons[fmt::format("{} {}", Name(v.state), v.reason)];
      return fmt::format("{:.1f} h: {}", SecondsOf(v.at) / kHour, v.detail);
    };
    if (ceased) {
      ++r_->ceasings, say();
    } else if (v.state == State::kFailing && entered) {
      const std::string text = say();
      if (r_->alarms++ == 0) r_->first = text;
    } else if (v.state == State::kDegraded && entered) {
      say();
      if (++r_->degradings > 5) return;
      r_->harms += fmt::format("{:.1f} h: {} ({}, z {:.1f} of {:.1f}); ", SecondsOf(v.at) / kHour, v.reason,
                               v.detector, v.score, v.threshold);
    }
  }

 private:
  QuietResult* r_;
  State state_ = State::kUnknown;
  bool ceased_ = false;
};

}  // namespace

QuietResult RunQuiet(const QuietScenario& scenario, uint64_t seed) {
  constexpr Duration kTick = std::chrono::milliseconds(250);
  const std::clock_t began = std::clock();  // of this process: the machine may be busy
  JudgeOptions options;
  if (!scenario.trusted.empty()) options.trusted_sources = *ParsePrefixList(scenario.trusted);
  Judge judge(options);
  Live live(scenario, seed);
  QuietResult r;
  r.days = scenario.traffic.seconds / kDay;
  Entries entries(&r);
  Time next = Time(FromSeconds(TrafficSource::kEpoch));
  const auto tick_until = [&](Time until) {
    for (; next <= until; next += kTick) {
      live.Look(next, &judge);
      judge.Tick(next);
      entries.Look(judge.verdict());
    }
  };
  for (AttemptEvent e; live.Next(&e); ++r.events) {
    tick_until(e.at);
    judge.Observe(e);
    entries.Look(judge.verdict());
  }
  tick_until(Time(FromSeconds(scenario.traffic.seconds)));
  r.busy_seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  return r;
}

}  // namespace candor::bench
