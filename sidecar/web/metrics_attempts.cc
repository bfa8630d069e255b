// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/web/metrics_test.cc.
#include <algorithm>
#include <array>

#include "web/metrics.h"

namespace candor::web {
namespace {

constexpr std::array kOutcomes = {Outcome::kActive,  Outcome::kStalled,    Outcome::kLeft,
                                  Outcome::kRefused, Outcome::kUnanswered, Outcome::kReplaced};
constexpr std::array kPhases = {Phase::kNone,      Phase::kOffered, Phase::kAnswered,
                                Phase::kNominated, Phase::kSecured, Phase::kActive};
constexpr std::array kWaitingOn = {WaitingOn::kNone, WaitingOn::kNode, WaitingOn::kPeer, WaitingOn::kPath};

Labels LabelsOf(Outcome o, Phase p, WaitingOn s) {
  return {{"outcome", std::string(Name(o))},
          {"phase", std::string(Name(p))},
          {"waiting_on", std::string(Name(s))}};
}

// Exported even at 0: rate() sees the first increment only of a series that existed before. These are the
// ones that alerts use.
bool IsAlwaysExported(Outcome o, Phase p, WaitingOn s) {
  if (o == Outcome::kActive) return p == Phase::kActive && s == WaitingOn::kNone;
  return o == Outcome::kStalled && p >= Phase::kOffered && p <= Phase::kSecured;
}

void AddConcluded(const ConcludedCounts& concluded, Exposition& out) {
  out.Counter("candor_attempts_total",
              "Attempts by first outcome, farthest phase and the side that had to send the next packet.");
  for (const Outcome o : kOutcomes) {
    for (const Phase p : kPhases) {
      for (const WaitingOn s : kWaitingOn) {
        const uint64_t n = concluded.at(o, p, s);
        if (n > 0 || IsAlwaysExported(o, p, s)) out.Value(n, LabelsOf(o, p, s));
      }
    }
  }
}

void AddSetupTimes(const SetupTimes& setup, Exposition& out) {
  std::array<double, SetupTimes::kBounds.size()> bounds;
  std::transform(SetupTimes::kBounds.begin(), SetupTimes::kBounds.end(), bounds.begin(), &Seconds);
  out.Histogram("candor_attempt_setup_seconds",
                "Time from an attempt's first packet to media in both directions.", bounds, setup.in,
                Seconds(setup.sum));
}

// Each pair of a closed set, so that a rate begins at 0.
void AddLost(const AttemptCounts& counts, Exposition& out) {
  out.Counter(
      "candor_attempts_lost_here_total",
      "Attempts that failed while this node's kernel dropped what they waited for, by direction and reason.");
  ForEachDrop([&](candor_dir direction, candor_drop_reason reason) {
    out.Value(
        counts.lost_here.at(Index(LostReason{direction, reason})),
        {{"direction", std::string(DirectionName(direction))}, {"reason", std::string(DropName(reason))}});
  });
  out.Counter("candor_attempts_lost_refused_total",
              "Attempts of dropped packets that were not opened at the limit.")
      .Value(counts.lost_refused);
}

}  // namespace

void AddAttempts(const AttemptCounts& counts, Exposition& out) {
  AddConcluded(counts.concluded, out);
  AddSetupTimes(counts.setup, out);
  out.Counter("candor_attempts_offered_total", "Attempts that a client began, unacknowledged ones included.")
      .Value(counts.offered);
  out.Counter("candor_attempts_acknowledged_total", "Attempts that the node acknowledged.")
      .Value(counts.acknowledged);
  out.Counter("candor_attempts_early_drop_total",
              "Active attempts whose node soon stopped sending while the peer continued.")
      .Value(counts.early_drop);
  out.Counter("candor_attempts_evicted_total", "Attempts evicted by newer ones at the limit.")
      .Value(counts.evicted);
  AddLost(counts, out);
  out.Gauge("candor_attempts_open", "Attempts in progress, by farthest phase.");
  for (const Phase p : kPhases) {
    out.Value(counts.by_phase.at(static_cast<size_t>(p)), {{"phase", std::string(Name(p))}});
  }
}

}  // namespace candor::web
