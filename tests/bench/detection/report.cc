// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <fmt/format.h>

namespace candor::bench {
namespace {

constexpr double kNever = 1e8;

constexpr const char* kFastText =
    R"({} seeds a cell. Usual failing share 3 %, drifting between 1 and 6 % with the day; setup times with a median of
0.3 s and a 99th percentile of 3 s; one false alarm allowed in 30 days. "Best possible" has all parameters: the usual
share at each moment, the severity, the setup times. "Best window" is the best of 54 window rules, chosen per cell
with hindsight. The other rules are tuned on healthy traffic, a day of it at least (else "-"). Delay in seconds from the
onset to the alarm.)";

constexpr const char* kQuietText =
    R"(Healthy traffic: every alarm is a false one. 0 alarms in 90 days are "at most one in 30 days", 95 % sure. Outages
of 15 min and storms come once a day, forgeries and crowds every six hours. Speed is that of the judge and of the
making of the traffic together.)";

constexpr const char* kArrivalsText =
    R"(Healthy nodes whose attempts come and go, by day at the rate given: every FAILING and every DEGRADED is a false
alarm. "Ceased" counts how often HEALTHY ended because attempts stayed away; that is right where callers have gone, and
quiet: UNKNOWN, and no alert (the nightly ends of the first two days, the stop of the trunk). By chance the
budgets allow 0.03 such ends a month for attempts_ceased, and 0.01 for joins_without_media.)";

constexpr const char* kScenarioText =
    R"("Within reach": in so many seeds the best possible rule reaches the goal's time on the very same attempts. It has
the usual share, the severity and the setup times, and counts what the guards let count: what the node acknowledged,
and no retries. Delay in seconds from the onset to the alarm.)";

std::string Shown(double seconds) {
  if (seconds >= kNever) return "never";
  return fmt::format("{:.{}f}", seconds, seconds < 10 ? 2 : (seconds < 100 ? 1 : 0));
}

std::string Shown(const std::optional<double>& seconds) { return seconds ? Shown(*seconds) : "-"; }

std::string Json(double seconds) { return seconds >= kNever ? "null" : fmt::format("{:.3f}", seconds); }

std::string Json(const std::optional<double>& seconds) { return seconds ? Json(*seconds) : "null"; }

}  // namespace

void Report::Line(const std::string& text) {
  std::fputs((text + "\n").c_str(), out_);
  std::fflush(out_);
}

void Report::Section(const std::string& title, const std::string& text) {
  if (json_) return;
  Line(fmt::format("\n## {}\n\n`{}`\n\n{}\n", title, command_, text));
}

void Report::End(const std::vector<std::string>& problems) {
  if (!json_ && reported_ < problems.size()) Line("\nMissed:");
  for (; reported_ < problems.size(); ++reported_) {
    if (!json_) Line("- " + problems[reported_]);
  }
}

void Report::BeginCells(uint64_t seeds) {
  Section("How fast", fmt::format(kFastText, seeds));
  if (json_) return;
  Line(
      "| attempts/s | share failing | Candor p50 / p95 | best possible p50 | ratio | best window p50 | "
      "Jicofo's, tuned p50 | five in a row p50 | waiting side known p50 / p95 |");
  Line("|---|---|---|---|---|---|---|---|---|");
}

void Report::Add(const CellResult& r) {
  if (json_) {
    return Line(fmt::format(
        "{{\"type\":\"cell\",\"rate\":{},\"severity\":{},\"p50\":{},\"p95\":{},\"before_onset\":{},"
        "\"bound_p50\":{},\"window_p50\":{},\"jicofo_p50\":{},\"five_p50\":{},\"waiting_on_p50\":{},"
        "\"waiting_on_p95\":{}}}",
        r.cell.rate, r.cell.severity, Json(r.p50), Json(r.p95), r.before_onset, Json(r.bound), Json(r.window),
        Json(r.jicofo), Json(r.five), Json(r.waiting_on_p50), Json(r.waiting_on_p95)));
  }
  Line(fmt::format("| {} | {:.0f} % | {} / {} | {} | {:.2f} | {} | {} | {} | {} / {} |", r.cell.rate,
                   r.cell.severity * 100, Shown(r.p50), Shown(r.p95), Shown(r.bound), r.p50 / r.bound,
                   Shown(r.window), Shown(r.jicofo), Shown(r.five), Shown(r.waiting_on_p50),
                   Shown(r.waiting_on_p95)));
}

void Report::ReferenceRules(double rate, const HealthyMaxima& q) {
  if (json_) {
    Line(
        fmt::format("{{\"type\":\"reference_rules\",\"rate\":{},\"healthy_days\":{:.2f},\"jicofo_alarms\":{},"
                    "\"five_alarms\":{}}}",
                    rate, q.days, q.jicofo_alarms, q.five_alarms));
  }
}

void Report::BeginQuiet() {
  Section("How quietly", kQuietText);
  if (json_) return;
  Line("| attempts/s | traffic | days | false alarms | in 30 days, 95 % sure at most | million events/s |");
  Line("|---|---|---|---|---|---|");
}

void Report::Add(double rate, const QuietScenario& s, const QuietResult& r) {
  const double speed = static_cast<double>(r.events) / r.busy_seconds / 1e6;
  if (json_) {
    return Line(fmt::format(
        "{{\"type\":\"quiet\",\"rate\":{},\"traffic\":\"{}\",\"separable\":{},\"days\":{:.2f},\"alarms\":{},"
        "\"per_month_at_most\":{:.3f},\"events\":{},\"million_events_per_second\":{:.2f}}}",
        rate, s.name, s.separable, r.days, r.alarms, r.PerMonthAtMost(), r.events, speed));
  }
  Line(fmt::format("| {} | {}{} | {:.1f} | {} | {:.2f} | {:.2f} |", rate, s.name,
                   s.separable ? "" : " (one node alone cannot tell)", r.days, r.alarms, r.PerMonthAtMost(),
                   speed));
}

void Report::BeginArrivals() {
  Section("Attempts that come and go", kArrivalsText);
  if (json_) return;
  Line("| attempts/s | traffic | days | FAILING | DEGRADED | ceased | by state and reason |");
  Line("|---|---|---|---|---|---|---|");
}

void Report::AddArrivals(double rate, const QuietScenario& s, const QuietResult& r) {
  std::string reasons;
  for (const auto& [reason, times] : r.reasons) {
    reasons += json_ ? fmt::format("{}\"{}\":{}", reasons.empty() ? "" : ",", reason, times)
                     : fmt::format("{}{} {}", reasons.empty() ? "" : ", ", times, reason);
  }
  if (json_) {
    return Line(
        fmt::format("{{\"type\":\"arrivals\",\"rate\":{},\"traffic\":\"{}\",\"days\":{:.2f},\"alarms\":{},"
                    "\"degraded\":{},"
                    "\"ceased\":{},\"reasons\":{{{}}}}}",
                    rate, s.name, r.days, r.alarms, r.degradings, r.ceasings, reasons));
  }
  Line(fmt::format("| {} | {}{} | {:.1f} | {} | {} | {} | {} |", rate, s.name,
                   s.separable ? "" : " (a known limit)", r.days, r.alarms, r.degradings, r.ceasings,
                   reasons));
}

void Report::BeginSpeed() {
  Section("Speed of the judge alone", "One core, ticks included, the best of three runs.");
  if (json_) return;
  Line("| attempts/s | events | ticks | million events/s |");
  Line("|---|---|---|---|");
}

void Report::Add(const Speed& s) {
  if (json_) {
    return Line(fmt::format(
        "{{\"type\":\"speed\",\"rate\":{},\"events\":{},\"ticks\":{},\"million_events_per_second\":{:.2f}}}",
        s.rate, s.events, s.ticks, s.MillionsPerSecond()));
  }
  Line(fmt::format("| {} | {} | {} | {:.2f} |", s.rate, s.events, s.ticks, s.MillionsPerSecond()));
}

void Report::BeginScenarios() {
  Section("Scenarios over seeds", kScenarioText);
  if (json_) return;
  Line("| scenario | goal within | reached | within reach | p50 / p95 | first miss |");
  Line("|---|---|---|---|---|---|");
}

void Report::Add(const ScenarioResult& r) {
  if (json_) {
    return Line(fmt::format(
        "{{\"type\":\"scenario\",\"name\":\"{}\",\"passed\":{},\"seeds\":{},\"within_reach\":{},\"p50\":{},"
        "\"p95\":{}}}",
        r.name, r.passed, r.seeds, r.reachable ? std::to_string(*r.reachable) : "null", Json(r.p50),
        Json(r.p95)));
  }
  const bool timed = r.within > 0;
  Line(fmt::format("| {} | {} | {} of {} | {} | {} | {} |", r.name,
                   timed ? fmt::format("{} s", r.within) : "", r.passed, r.seeds,
                   r.reachable ? std::to_string(*r.reachable) : "",
                   timed ? Shown(r.p50) + " / " + Shown(r.p95) : "", r.missed));
}

}  // namespace candor::bench
