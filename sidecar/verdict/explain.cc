// SPDX-License-Identifier: Apache-2.0
#include "verdict/explain.h"

#include <fmt/format.h>

#include <cmath>

namespace candor {
namespace {

std::string Percent(double share) { return fmt::format("{:.{}f} %", share * 100, share < 0.095 ? 1 : 0); }

std::string Span(Duration d) {
  const double s = Seconds(d);
  if (s < 120) return fmt::format("{:.1f} s", s);
  return s < 7200 ? fmt::format("{:.0f} min", s / 60) : fmt::format("{:.1f} h", s / 3600);
}

std::string Counts(const Verdict& v) {
  return fmt::format("{} of {} attempts in {}, from {} client network{}", v.failed, v.counted, Span(v.window),
                     v.networks, v.networks == 1 ? "" : "s");
}

std::string Weight(const Verdict& v) {
  return fmt::format("usual share {}, evidence {:.1f} against a threshold of {:.1f}", Percent(v.usual_share),
                     v.z, v.h);
}

std::string Standing(const Verdict& v) {
  if (v.stuck_phase == Phase::kNone || v.stuck_phase == Phase::kActive) return "";
  return fmt::format("; most of them stand at '{}'", Name(v.stuck_phase));
}

// The one thing that a node alone cannot know (verdict.md): whether everybody else sees the same.
constexpr const char* kFleetCaveat =
    "One node alone cannot tell this from an outage of that many client networks: compare with the other "
    "nodes.";

void ExplainFailing(Channel c, bool deaf, Verdict* v) {
  v->reason = std::string(Name(c));
  switch (c) {
    case Channel::kNodeOwed:
      v->detail = fmt::format("The node owes the next packet and does not send it: {}{} ({}).", Counts(*v),
                              Standing(*v), Weight(*v));
      v->cure =
          "Look at the media server's process: blocked, deadlocked or starved. Take it out and restart it.";
      return;
    case Channel::kNeverActiveAlive:
      v->detail = fmt::format("Media never becomes active although the peers keep sending: {}{} ({}). {}",
                              Counts(*v), Standing(*v), Weight(*v), kFleetCaveat);
      v->cure = "Look at the phase they stand at (candorctl attempts), then at the node's outgoing path.";
      return;
    case Channel::kNeverActive:
      v->detail = fmt::format("Media never becomes active: {}{} ({}). {}", Counts(*v), Standing(*v),
                              Weight(*v), kFleetCaveat);
      v->cure = "Keep new sessions off this node and look at the phase they stand at (candorctl attempts).";
      return;
    case Channel::kNoneActive:
      v->detail = fmt::format("No new attempt becomes active: {}{} ({}). {}", Counts(*v), Standing(*v),
                              Weight(*v), kFleetCaveat);
      v->cure = "Keep new sessions off this node and look at the phase they stand at (candorctl attempts).";
      return;
    case Channel::kEarlyDrop:
      v->detail = fmt::format("Media starts and the node then falls silent within 30 s: {} ({}).", Counts(*v),
                              Weight(*v));
      v->cure = "Look at the media server's forwarding: crashes, memory, expiring conntrack or NAT entries.";
      return;
    case Channel::kFrozen:
      break;
    case Channel::kSlowSetup:
      return;
  }
  if (deaf) v->reason = "unanswered";
  v->detail =
      deaf ? fmt::format("The node has stopped answering new clients while old flows live on: {} ({}).",
                         Counts(*v), Weight(*v))
           : fmt::format("The node receives checks and sends nothing at all: {} unanswered ({}).", Counts(*v),
                         Weight(*v));
  v->cure =
      "The media server's process is frozen or its sockets are blocked: take a stack trace, then restart it.";
}

void ExplainDegraded(const Findings& f, Verdict* v) {
  switch (f.harm) {
    case Harm::kTooFewSources:
      v->reason = "too_few_sources";
      v->detail = fmt::format(
          "Too few independent sources to condemn the node: {} failed, which would be an alarm if the "
          "sources "
          "were independent ({}).",
          Counts(*v), Weight(*v));
      v->cure = "If these are SIP trunks, TURN relays or a NAT you know, name them in trusted_sources.";
      return;
    case Harm::kSlowSetup:
      v->reason = "slow_setup";
      v->detail = fmt::format("Media becomes active, but late: {} took longer than 99 % usually do ({}).",
                              Counts(*v), Weight(*v));
      v->cure = "Look for CPU starvation, throttling or queues on the node.";
      return;
    case Harm::kFlood:
      v->reason = "unvouched_flood";
      v->detail = fmt::format(
          "Many attempts that the node never acknowledged ({}), while real ones succeed as usual: likely "
          "forged. They are not held against the node.",
          Counts(*v));
      v->cure = "Filter the sources upstream if the load hurts.";
      return;
    case Harm::kDoubt:
    case Harm::kNone:
      break;
  }
  v->reason = "in_doubt";
  v->detail = fmt::format("More attempts fail than usual, not yet enough for an alarm: {} ({}).", Counts(*v),
                          Weight(*v));
  v->cure = "Watch it; compare with the other nodes.";
}

void ExplainHealthy(const Findings& f, Verdict* v) {
  if (f.client_networks) {
    v->reason = "client_networks";
    v->detail = fmt::format(
        "Some client networks fail by themselves ({}), the others succeed as usual: trouble on their side.",
        Counts(*v));
    return;
  }
  v->reason = "ok";
  v->detail = fmt::format("Attempts become active as usual (usual failing share at most {}).",
                          Percent(v->usual_share));
}

void ExplainUnknown(const Findings& f, Verdict* v) {
  switch (f.silence) {
    case Silence::kStale:
      v->reason = "stale_evidence";
      v->detail = "No attempt has counted for longer than evidence stays fresh.";
      return;
    case Silence::kTooLittle:
      v->reason = "too_little_evidence";
      v->detail = "Too few attempts lately to tell a healthy node from a failing one.";
      return;
    case Silence::kNoEvidence:
    case Silence::kNone:
      break;
  }
  v->reason = "no_evidence";
  v->detail = "No attempt has counted yet.";
}

}  // namespace

void Explain(const Findings& f, Verdict* v) {
  v->cure.clear();
  switch (v->state) {
    case State::kFailing:
      ExplainFailing(f.alarm.value_or(Channel::kNeverActive), f.deaf, v);
      return;
    case State::kDegraded:
      ExplainDegraded(f, v);
      return;
    case State::kHealthy:
      ExplainHealthy(f, v);
      return;
    case State::kProbation:
      v->reason = "probation";
      v->detail = "Let back in a little at a time: serving in full when enough new attempts became active.";
      return;
    case State::kUnknown:
      ExplainUnknown(f, v);
      return;
    case State::kDraining:
    case State::kBlind:
      return;  // not the judge's to say
  }
}

}  // namespace candor
