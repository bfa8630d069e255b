// SPDX-License-Identifier: Apache-2.0
#include "quiet_arrivals.h"

#include <algorithm>
#include <cmath>

#include "cells.h"

namespace candor::bench {
namespace {

constexpr double kHour = 3600;

double HourOf(double t) { return std::fmod(t, kDay) / kHour; }
int DayOf(double t) { return static_cast<int>(t / kDay) % 7; }

// 1 at three in the afternoon, `night` at three in the morning.
double Day(double t, double night) {
  return night + (1 - night) * std::pow(std::sin(M_PI * (HourOf(t) - 3) / 24), 2);
}
// From six to midnight alone.
double DayAlone(double t) { return HourOf(t) < 6 ? 0 : std::pow(std::sin(M_PI * (HourOf(t) - 6) / 18), 2); }
bool Working(double t) { return DayOf(t) < 5 && HourOf(t) >= 9 && HourOf(t) < 18; }

Traffic Of(double rate, double days, const Curve& share, double most = 1) {
  Traffic t;
  t.seconds = days * kDay;
  t.rate = [=](double s) { return rate * share(s); };
  t.most_rate = rate * most;
  t.usual_failing = [](double s) { return BaselineFailureRateAt(s, 0, kDay); };
  return t;
}

Traffic LostStrangers(Traffic t, const Curve& rate, double most) {
  t.forging_sources = 1000;
  t.forged = rate;
  t.most_forged = most;
  t.forged_are_lost = true;
  return t;
}

Traffic Trunks(Traffic t) {
  for (int i = 0; i < 6; ++i)
    t.trunks.push_back(IpAddress::V4(0xcb006400u + static_cast<uint32_t>(i << 16) + 10));
  t.usual_failing = Always(0.02);
  t.setup_median = 0.03, t.setup_sigma = 0.5;
  return t;
}

QuietScenario WithSessions(const char* name, const Traffic& t, const SessionTraffic& s) {
  QuietScenario q{name, t};
  q.sessions = s;
  return q;
}

QuietScenario WithCalls(const char* name, const Traffic& t, const RunningCalls& c) {
  QuietScenario q{name, t};
  q.calls = c;
  return q;
}

std::vector<QuietScenario> Rhythms(double rate, double days) {
  const auto of = [&](const Curve& c, double most = 1) { return Of(rate, days, c, most); };
  const double stop = days / 2 * kDay;
  std::vector<QuietScenario> out;
  out.push_back({"day and night", of([](double t) { return Day(t, 0.02); })});
  out.push_back({"nobody from midnight to six", of(DayAlone)});
  out.push_back(
      {"hardly anybody at weekends", of([](double t) { return Day(t, 0.05) * (DayOf(t) < 5 ? 1 : 0.03); })});
  out.push_back({"office hours alone", of([](double t) { return Working(t) ? 1.0 : 0.0; })});
  out.push_back(
      {"lunch break", of([](double t) { return HourOf(t) >= 12 && HourOf(t) < 13 ? 0.02 : Day(t, 0.05); })});
  out.push_back({"meetings each half hour", of(
                                                [](double t) {
                                                  const bool begins = std::fmod(t, kHour / 2) < 180;
                                                  return Working(t) ? (begins ? 6.0 : 0.2) : 0.05;
                                                },
                                                6)});
  out.push_back({"one customer's nightly batch",
                 of([](double t) { return HourOf(t) >= 2 && HourOf(t) < 2.3 ? 5.0 : 0.0; }, 5)});
  out.push_back({"a batch beside a few others",
                 of([](double t) { return HourOf(t) >= 2 && HourOf(t) < 2.3 ? 5.0 : 0.05; }, 5)});
  out.push_back(
      {"a trunk that stops for good", Trunks(of([stop](double t) { return t < stop ? 1.0 : 0.0; }))});
  return out;
}

std::vector<QuietScenario> Sessions(double rate, double days) {
  const Traffic day = Of(rate, days, [](double t) { return Day(t, 0.02); });
  const Traffic alone = Of(rate, days, DayAlone);
  const Traffic lunch =
      Of(rate, days, [](double t) { return HourOf(t) >= 12 && HourOf(t) < 13 ? 0.0 : Day(t, 0.05); });
  Traffic steady = Of(rate, days, [](double t) { return Working(t) ? 1.0 : 0.0; });
  steady.steady = true;
  return {
      WithSessions("one session an attempt", day, {.per_attempt = 1}),
      WithSessions("health checks each 2 s, nobody at night", alone, {.per_attempt = 1, .checks_every = 2}),
      WithSessions("health checks as often as joins", alone, {.per_attempt = 1, .checks_every = 1 / rate}),
      WithSessions("as many chats as calls", day, {.per_attempt = 1, .chats = 1}),
      WithSessions("long polls, lunch break", lunch, {.per_attempt = 1, .polls_every = 25, .stays = 600}),
      WithSessions("bursts of webhooks", alone, {.per_attempt = 1, .burst_every = 600, .burst_size = 200}),
      WithSessions("load generator by day, health checks", steady,
                   {.per_attempt = 1, .checks_every = std::max(10.0, 30 / rate)}),
  };
}

std::vector<QuietScenario> StrangersAndCalls(double rate, double days) {
  const Traffic plain = Of(rate, days, [](double t) { return Day(t, 0.1); });
  Traffic one_way = Trunks(plain);
  one_way.media.known = true;
  one_way.media.alone = Always(0.15);
  const auto waves = [](double t) {
    return t >= kHour && std::fmod(t - kHour, 6 * kHour) < 300 ? 20.0 : 0.2;
  };
  std::vector<QuietScenario> out;
  out.push_back({"strangers at dropped ports", LostStrangers(plain, Always(0.5), 0.5), false});
  out.push_back({"waves of strangers at dropped ports", LostStrangers(plain, waves, 20), false});
  out.push_back({"one-way legs of a B2BUA", one_way});
  out.push_back(WithCalls("calls on hold", plain, {.lasts = 180, .talks = 120, .silent = 25}));
  out.push_back(WithCalls("speakers who alternate without comfort noise", plain,
                          {.lasts = 180, .talks = 60, .silent = 12}));
  out.push_back(WithCalls("meetings in which nobody speaks", plain,
                          {.lasts = 600, .talks = 300, .silent = 15, .meeting = 12}));
  out.back().separable = false;
  return out;
}

}  // namespace

std::vector<QuietScenario> ArrivalScenarios(double rate, double days) {
  std::vector<QuietScenario> out = Rhythms(rate, days);
  for (QuietScenario& s : Sessions(rate, days)) out.push_back(std::move(s));
  for (QuietScenario& s : StrangersAndCalls(rate, days)) out.push_back(std::move(s));
  return out;
}

}  // namespace candor::bench
