// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "web/metrics.h"

namespace candor::web {
namespace {

constexpr std::array kOutcomes = {Outcome::kActive,  Outcome::kStalled,    Outcome::kLeft,
                                  Outcome::kRefused, Outcome::kUnanswered, Outcome::kReplaced};
constexpr std::array kPhases = {Phase::kNone,      Phase::kOffered, Phase::kAnswered,
                                Phase::kNominated, Phase::kSecured, Phase::kActive};
constexpr std::array kSides = {WaitingOn::kNone, WaitingOn::kNode, WaitingOn::kPeer, WaitingOn::kPath};

Labels LabelsOf(Outcome o, Phase p, WaitingOn s) {
  return {{"outcome", std::string(Name(o))},
          {"phase", std::string(Name(p))},
          {"waiting_on", std::string(Name(s))}};
}

// A series that is there from the start lets rate() see its first increment; those alerts ask for are.
bool IsThereFromStart(Outcome o, Phase p, WaitingOn s) {
  if (o == Outcome::kActive) return p == Phase::kActive && s == WaitingOn::kNone;
  return o == Outcome::kStalled && p >= Phase::kOffered && p <= Phase::kSecured;
}

void AddConcluded(const ConcludedCounts& concluded, Exposition& out) {
  out.Counter(
      "candor_attempts_total",
      "Attempts by how they first came out, their farthest phase and who had to send the next packet.");
  for (const Outcome o : kOutcomes) {
    for (const Phase p : kPhases) {
      for (const WaitingOn s : kSides) {
        const uint64_t n = concluded.at(o, p, s);
        if (n > 0 || IsThereFromStart(o, p, s)) out.Value(n, LabelsOf(o, p, s));
      }
    }
  }
}

void AddSetupTimes(const SetupTimes& setup, Exposition& out) {
  std::array<double, SetupTimes::kBounds.size()> bounds;
  std::transform(SetupTimes::kBounds.begin(), SetupTimes::kBounds.end(), bounds.begin(), &Seconds);
  out.Histogram("candor_attempt_setup_seconds",
                "From an attempt's first packet until media flowed both ways.", bounds, setup.in,
                Seconds(setup.sum));
}

}  // namespace

void AddAttempts(const AttemptCounts& counts, Exposition& out) {
  AddConcluded(counts.concluded, out);
  AddSetupTimes(counts.setup, out);
  out.Counter("candor_attempts_offered_total", "Attempts begun, a stranger's packets included.")
      .Value(counts.offered);
  out.Counter("candor_attempts_acknowledged_total", "Attempts that the node acknowledged.")
      .Value(counts.acknowledged);
  out.Counter("candor_attempts_early_drop_total",
              "Attempts whose node fell silent soon after they became active, while the peer went on.")
      .Value(counts.early_drop);
  out.Counter("candor_attempts_evicted_total", "Attempts that made room for newer ones at the bound.")
      .Value(counts.evicted);
  out.Gauge("candor_attempts_open", "Attempts not over, by farthest phase.");
  for (const Phase p : kPhases) {
    out.Value(counts.by_phase.at(static_cast<size_t>(p)), {{"phase", std::string(Name(p))}});
  }
}

}  // namespace candor::web
