// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/judge.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <optional>
#include <system_error>
#include <utility>

#include "base/counted.h"
#include "base/json_quote.h"
#include "cli/offline/trace_reader.h"
#include "verdict/judge.h"

namespace candor {
namespace {

// The time of t = 0 in a trace: for the judge Time{} means "never".
constexpr Time kEpoch = Time(std::chrono::seconds(1));

double TraceSeconds(Time t) { return Seconds(t - kEpoch); }

class Printer {
 public:
  Printer(bool json, std::ostream& out) : json_(json), out_(out) {}

  // `v` has a new state or reason.
  void Print(const Verdict& v) {
    const bool first = !std::exchange(started_, true);
    if (first && v.state == State::kUnknown) return;  // the initial state is not a change
    if (v.state == State::kFailing && !first_failing_) first_failing_ = TraceSeconds(v.at);
    if (json_) {
      out_ << fmt::format(R"({{"type":"verdict","t":{:.6g},"state":"{}","reason":{},"detail":{}}})",
                          Rounded(v.at), Name(v.state), JsonQuoted(v.reason), JsonQuoted(v.detail))
           << "\n";
    } else {
      out_ << fmt::format("{:>12.3f}  {:<9}  {:<20}  {}\n", TraceSeconds(v.at), Name(v.state), v.reason,
                          v.detail);
    }
  }

  void Summary(const Judge& judge) const {
    const Verdict& v = judge.verdict();
    const std::string failing = first_failing_ ? fmt::format("{:.3f}", *first_failing_) : "null";
    if (json_) {
      out_
          << fmt::format(
                 R"({{"type":"summary","counted":{},"ignored":{{"retry":{},"unacknowledged":{},"capped":{}}},)"
                 R"("first_failing":{},"final_state":"{}"}})",
                 judge.counted(), v.ignored_retry, v.ignored_unacknowledged, v.ignored_capped, failing,
                 Name(v.state))
          << "\n";
    } else {
      out_ << fmt::format(
          "\ncounted {}; ignored {}, {} never acknowledged; held back by the cap {}\n"
          "first failing: {}; in the end: {}\n",
          Counted(judge.counted(), "attempt"), Counted(v.ignored_retry, "retry", "retries"),
          v.ignored_unacknowledged, v.ignored_capped, first_failing_ ? failing + " s" : "never",
          Name(v.state));
    }
  }

 private:
  static double Rounded(Time t) { return std::round(TraceSeconds(t) * 1e3) / 1e3; }

  bool json_;
  std::ostream& out_;
  bool started_ = false;
  std::optional<double> first_failing_;
};

Result<JudgeOptions> Options(const JudgeArguments& cmd) {
  JudgeOptions o;
  if (!(cmd.false_alarms_per_month > 0)) return Fail("--false-alarms-per-month must be more than 0");
  if (!(cmd.smallest_share > 0 && cmd.smallest_share < 1))
    return Fail("--smallest-share must be between 0 and 1");
  o.false_alarms_per_month = cmd.false_alarms_per_month;
  o.smallest_share = cmd.smallest_share;
  if (auto flags = cli::ReadJudgeFlags(cmd.flags, &o); !flags) return tl::make_unexpected(flags.error());
  return o;
}

// After this time without an event no timer of the judge runs (a hold takes 15 minutes, freshness 5): further
// ticks do not change the verdict, and are skipped. Traces may have gaps of years.
constexpr Duration kMaxGap = std::chrono::hours(1);

// Ticks between the events, and a last one at the last event.
Result<void> Drive(TraceReader* reader, Duration tick, Judge* judge, Printer* printer) {
  Time next = kEpoch, last = kEpoch;
  while (true) {
    const auto event = reader->Next();
    if (!event) return tl::make_unexpected(event.error());
    if (!event->has_value()) break;
    for (; next <= (*event)->at; next += tick) {
      if (next - last > kMaxGap) next += ((*event)->at - next) / tick * tick;
      if (judge->Tick(next)) printer->Print(judge->verdict());
    }
    if (judge->Observe(**event)) printer->Print(judge->verdict());
    last = std::max(last, (*event)->at);
  }
  if (judge->Tick(last)) printer->Print(judge->verdict());
  return {};
}

}  // namespace

int RunJudge(const JudgeArguments& cmd, std::istream& trace, const std::string& name, std::ostream& out,
             std::ostream& err) {
  auto options = Options(cmd);
  if (!options) {
    err << "candorctl judge: " << options.error().message << '\n';
    return 1;
  }
  const Duration tick = options->tick;
  Judge judge(std::move(*options));
  Printer printer(cmd.json, out);
  TraceReader reader(trace, kEpoch);
  if (const auto done = Drive(&reader, tick, &judge, &printer); !done) {
    err << "candorctl judge: " << name << ": " << done.error().message << '\n';
    return 2;
  }
  printer.Summary(judge);
  return 0;
}

int RunJudge(const JudgeArguments& cmd, std::ostream& out, std::ostream& err) {
  if (cmd.trace == "-") return RunJudge(cmd, std::cin, "standard input", out, err);
  std::ifstream file(cmd.trace);
  if (!file) {
    err << "candorctl judge: cannot open " << cmd.trace << ": " << std::generic_category().message(errno)
        << '\n';
    return 2;
  }
  return RunJudge(cmd, file, cmd.trace, out, err);
}

}  // namespace candor
