// SPDX-License-Identifier: Apache-2.0
#include "scenarios.h"

#include <cmath>

namespace candor::bench {
namespace {

Scenario Healthy(const std::string& name, double seconds, double rate) {
  Scenario s;
  s.name = name;
  s.traffic.seconds = seconds;
  s.traffic.rate = Always(rate);
  s.traffic.most_rate = rate;
  return s;
}

Scenario Gray(const std::string& name, double onset, double until, double rate, double severity,
              double within) {
  Scenario s = Healthy(name, until, rate);
  s.traffic.severity = Between(onset, until, severity);
  s.failing = {{onset, until}};
  s.goal.onset = onset;
  s.goal.within = within;
  if (severity > 0) s.severity = severity;
  return s;
}

Scenario Drift() {
  Scenario s = Healthy("healthy_drift", 14400, 0.9);
  s.traffic.usual_failing = [](double t) { return 0.035 + 0.025 * std::sin(t / 14400 * 2 * M_PI); };
  return s;
}

Scenario SlowBurn() {
  Scenario s = Gray("slow_burn", 1200, 3000, 3.5, 0, 420);
  s.traffic.severity = [](double t) { return t < 1200 ? 0 : 0.05 + 0.45 * (t - 1200) / 1800; };
  return s;
}

Scenario ProviderOutage() {
  Scenario s = Healthy("provider_outage_3_networks", 2700, 5);
  s.traffic.broken_networks = {0, 3, 7};
  s.traffic.network_outage = Between(900, 1800, 1);
  s.traffic.retries = true;
  return s;
}

Scenario FlashCrowd() {
  Scenario s = Healthy("flash_crowd", 1500, 2);
  s.traffic.most_rate = 14;
  s.traffic.rate = Between(600, 840, 14, 2);
  s.traffic.usual_failing = Between(600, 840, 0.045, 0.03);
  s.traffic.slower = Between(600, 840, 1.7, 1);
  return s;
}

Scenario RetryStorm() {
  Scenario s = Gray("retry_storm_of_victims", 900, 1500, 2.5, 0.6, 12);
  s.traffic.retries = true;
  return s;
}

Scenario BrokenClients() {
  Scenario s = Healthy("retry_storm_of_12_broken_clients", 1800, 2);
  s.traffic.broken_clients = 12;
  s.traffic.broken_from = 600;
  s.traffic.broken_to = 1500;
  return s;
}

Scenario Forged(const std::string& name, int sources, double rate) {
  Scenario s = Healthy(name, 1200, 3);
  s.traffic.forging_sources = sources;
  s.traffic.most_forged = rate;
  s.traffic.forged = Between(600, 900, rate);
  return s;
}

Scenario DrainAndRecover() {
  Scenario s = Gray("drain_and_recover", 900, 3600, 4, 0, 5);
  s.traffic.severity = Between(900, 1500, 1);
  s.severity = 1;
  s.traffic.rate = [](double t) { return t >= 960 && t < 2400 ? 0.3 : 4.0; };
  s.failing = {{900, 1500}};
  s.goal.down_until = 1500;
  s.goal.recover_from = 1500;
  s.goal.recover_within = 300;
  return s;
}

Scenario Flapping() {
  Scenario s = Gray("flapping", 600, 3600, 3.5, 0, 6);
  const auto gray = [](double t) { return t >= 600 && t < 2900 && std::fmod(t - 600, 240) < 60; };
  s.traffic.severity = [gray](double t) { return gray(t) ? 1.0 : 0.0; };
  s.severity = 1;
  s.failing.clear();
  for (double t = 600; t < 2900; t += 240) s.failing.emplace_back(t, t + 60);
  s.goal.most_cycles = 4;
  s.goal.recover_from = 3000;
  s.goal.recover_within = 900;
  return s;
}

Scenario SlowSetup() {
  Scenario s = Healthy("slow_setup", 1800, 4);
  s.traffic.slower = Between(1200, 1800, 6.5, 1);
  s.failing = {{1200, 1800}};
  s.goal.degraded_onset = 1200;
  s.goal.degraded_within = 15;
  return s;
}

// 28 ms usually, as between a Janus and clients nearby.
Scenario SetupFortyTimesSlower() {
  Scenario s = Healthy("setup_40_times_slower", 1500, 3);
  s.traffic.setup_median = 0.028;
  s.traffic.setup_sigma = 0.35;
  s.traffic.slower = Between(1200, 1500, 40, 1);
  s.goal.degraded_onset = 1200;
  s.goal.degraded_within = 15;
  return s;
}

// RTCP goes on, so attempts become active all the same, a second later.
Scenario RtpOutVanishes(const std::string& name, double share) {
  Scenario s = Healthy(name, 2400, 3);
  s.traffic.setup_median = 0.028;
  s.traffic.setup_sigma = 0.35;
  s.traffic.media.known = true;
  s.traffic.media.quiet = 0.1;
  s.traffic.media.rtp_lost = Between(1200, 1320, share);
  s.failing = {{1200, 1320}};
  s.goal.degraded_onset = 1200;
  s.goal.degraded_within = share < 1 ? 20 : 10;
  s.goal.recover_from = 1320;
  s.goal.recover_within = 900;
  return s;
}

Scenario EarlyDeath() {
  Scenario s = Gray("early_death", 1200, 1800, 3, 0, 25);
  s.traffic.early_deaths = Between(1200, 1800, 0.6, 0.017);
  s.traffic.calls_last = 300;
  return s;
}

Scenario Trunks(bool trusted) {
  Scenario s = Gray(trusted ? "two_trunks" : "two_trunks_not_named", 1200, 1800, 1.5, 1, 8);
  s.traffic.trunks = {*IpAddress::Parse("203.0.113.10"), *IpAddress::Parse("198.51.100.20")};
  if (trusted) {
    s.trusted = "203.0.113.10,198.51.100.20";
    return s;
  }
  s.goal.onset.reset();
  s.severity.reset();
  s.goal.most_false = 0;
  s.failing.clear();
  s.goal.degraded_onset = 1200;
  s.goal.degraded_within = 60;
  return s;
}

}  // namespace

std::vector<Scenario> Scenarios() {
  Scenario outage = ProviderOutage();
  return {Drift(),
          Gray("total_failure", 1200, 1800, 5, 1, 4),
          Gray("gray_30_low_traffic", 21600, 32400, 0.2, 0.3, 420),
          SlowBurn(),
          outage,
          FlashCrowd(),
          RetryStorm(),
          BrokenClients(),
          Forged("forged_1_source", 1, 20),
          Forged("forged_1000_sources", 1000, 10),
          DrainAndRecover(),
          Flapping(),
          SlowSetup(),
          SetupFortyTimesSlower(),
          RtpOutVanishes("rtp_out_vanishes", 1),
          RtpOutVanishes("half_of_rtp_out_vanishes", 0.5),
          EarlyDeath(),
          Trunks(true),
          Trunks(false),
          Gray("incident_like", 1800, 5400, 1, 0.6, 30)};
}

}  // namespace candor::bench
