// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_table.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "base/utc_text.h"
#include "cli/offline/replay_attempts.h"
#include "cli/offline/replay_caveats.h"
#include "cli/offline/replay_encapsulations.h"
#include "cli/render/table.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

Hue StateHue(State s) {
  switch (s) {
    case State::kHealthy:
      return Hue::kGreen;
    case State::kFailing:
      return Hue::kRed;
    case State::kDegraded:
    case State::kProbation:
      return Hue::kYellow;
    case State::kUnknown:
    case State::kDraining:
    case State::kBlind:
      return Hue::kDim;
  }
  return Hue::kPlain;
}

std::string Answer(const ReplayReport& r, const Style& style) {
  std::string text =
      fmt::format("{}: {} packets, {} to {} ({:.3f} s)\n\n", Printable(r.name), Thousands(r.intake.captured),
                  ReplayStamp(r.span.first), ReplayStamp(r.last), Seconds(r.last - r.span.first));
  const std::string encapsulations = RenderEncapsulations(r.intake.encapsulations, 0);
  if (!encapsulations.empty()) text += encapsulations + "\n";
  if (const auto failing = r.FirstFailing()) {
    return text +
           style.Paint(
               Hue::kBold,
               fmt::format("Candor would have reported FAILING at {}, {:.3f} s after the first packet.",
                           ReplayStamp(*failing), Seconds(*failing - r.span.first))) +
           "\n";
  }
  return text +
         style.Paint(Hue::kBold,
                     fmt::format("Candor would not have reported FAILING; the last verdict is {}.",
                                 Name(r.FinalState()))) +
         "\n";
}

std::string Timeline(const ReplayReport& r, const Style& style) {
  std::string text = "\n";
  for (const ReplayChange& c : r.changes) {
    const Verdict& v = c.verdict;
    text += fmt::format("{}  {:>+12.3f} s  {}  {:<11}  {}\n", ReplayStamp(v.at), Seconds(v.at - r.span.first),
                        style.Paint(StateHue(v.state), fmt::format("{:<9}", Name(v.state))),
                        c.serving ? "serving" : "not serving", v.reason);
    text += Wrap(v.detail, 4) + Wrap(v.remediation, 4);
  }
  return text;
}

}  // namespace

std::string ReplayStamp(Time t) {
  const uint64_t ms = NanosOf(t) / 1000000;
  return fmt::format("{}.{:03}Z", FormatUtcSeconds(static_cast<int64_t>(ms / 1000)), ms % 1000);
}

std::string RenderReplay(const ReplayReport& r, bool all_attempts, const Style& style) {
  return Answer(r, style) + Timeline(r, style) + RenderFunnel(r) + RenderOutcomes(r.counts) +
         RenderAttempts(r, all_attempts, style) + RenderCaveats(r);
}

}  // namespace candor::cli
