// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <fmt/format.h>

namespace candor::bench {
namespace {

constexpr double kNever = 1e8;

std::string Shown(double seconds) {
  if (seconds >= kNever) return "never";
  return fmt::format("{:.{}f}", seconds, seconds < 10 ? 2 : (seconds < 100 ? 1 : 0));
}

std::string Json(double seconds) { return seconds >= kNever ? "null" : fmt::format("{:.3f}", seconds); }

}  // namespace

void Report::Line(const std::string& text) {
  std::fputs((text + "\n").c_str(), out_);
  std::fflush(out_);
}

void Report::BeginCells() {
  if (json_) return;
  Line("\nDelay in seconds from the onset to the alarm.\n");
  Line(
      "| attempts/s | share failing | Candor p50 / p95 | best possible p50 | ratio | best window p50 | "
      "Jicofo's, tuned p50 | five in a row p50 | who owes known p50 / p95 |");
  Line("|---|---|---|---|---|---|---|---|---|");
}

void Report::Add(const CellResult& r) {
  if (json_) {
    return Line(fmt::format(
        "{{\"type\":\"cell\",\"rate\":{},\"severity\":{},\"p50\":{},\"p95\":{},\"before_onset\":{},"
        "\"bound_p50\":{},\"window_p50\":{},\"jicofo_p50\":{},\"five_p50\":{},\"owed_p50\":{},"
        "\"owed_p95\":{}}}",
        r.cell.rate, r.cell.severity, Json(r.p50), Json(r.p95), r.before_onset, Json(r.bound), Json(r.window),
        Json(r.jicofo), Json(r.five), Json(r.owed_p50), Json(r.owed_p95)));
  }
  Line(fmt::format("| {} | {:.0f} % | {} / {} | {} | {:.2f} | {} | {} | {} | {} / {} |", r.cell.rate,
                   r.cell.severity * 100, Shown(r.p50), Shown(r.p95), Shown(r.bound), r.p50 / r.bound,
                   Shown(r.window), Shown(r.jicofo), Shown(r.five), Shown(r.owed_p50), Shown(r.owed_p95)));
}

void Report::Rivals(double rate, const Quiet& q) {
  if (json_) {
    Line(
        fmt::format("{{\"type\":\"rivals\",\"rate\":{},\"healthy_days\":{:.2f},\"jicofo_alarms\":{},"
                    "\"five_alarms\":{}}}",
                    rate, q.days, q.jicofo_alarms, q.five_alarms));
  }
}

void Report::BeginQuiet() {
  if (json_) return;
  Line("\nFalse alarms in healthy traffic.\n");
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

void Report::BeginSpeed() {
  if (json_) return;
  Line("\nSpeed of the judge alone on one core, ticks included.\n");
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
  if (json_) return;
  Line("\nScenarios over seeds.\n");
  Line("| scenario | reached its goal | else |");
  Line("|---|---|---|");
}

void Report::AddScenario(const std::string& name, int passed, int seeds, const std::string& missed) {
  if (json_) {
    return Line(fmt::format("{{\"type\":\"scenario\",\"name\":\"{}\",\"passed\":{},\"seeds\":{}}}", name,
                            passed, seeds));
  }
  Line(fmt::format("| {} | {} of {} | {} |", name, passed, seeds, missed));
}

}  // namespace candor::bench
