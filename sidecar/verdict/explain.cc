// SPDX-License-Identifier: Apache-2.0
#include "verdict/explain.h"

#include <fmt/format.h>

#include <array>

#include "verdict/explain_arrivals.h"
#include "verdict/explain_dropped.h"
#include "verdict/explain_media.h"
#include "verdict/explain_text.h"

namespace candor {
namespace {

// The phase of most of them, in terms of calls.
std::string PhaseText(const Verdict& v) {
  constexpr std::array<const char*, 6> kTexts = {"",
                                                 " Most of them asked and were not acknowledged.",
                                                 " Most of them were answered, but no path was agreed on.",
                                                 " Most of them have a path, but encryption is not set up.",
                                                 " Most of them are encrypted, but no media flows both ways.",
                                                 ""};
  return kTexts.at(static_cast<size_t>(v.stuck_phase));
}

constexpr const char* kFleetCaveat =
    "One node alone cannot tell this from an outage of that many client networks: compare with the other "
    "nodes.";

constexpr const char* kKeepAway =
    "Keep new sessions off this node. candorctl attempts shows where they get stuck: look there, and at the "
    "node's outgoing path.";

constexpr const char* kComesBack = " It is let back in by itself once new connections come up.";

// Frozen by the rate of acknowledgements alone. `sending`: whether all of the node has stopped.
void ExplainUnacknowledged(Sending sending, Verdict* v) {
  v->reason = "unanswered";
  const char* sends = " Whether it still serves old ones is not known from here.";
  const char* remediation =
      "Take the node out now. Look whether its process runs and what takes up new sessions: a stopped "
      "worker, a full queue or table, its signalling; then restart it.";
  if (sending == Sending::kYes) {
    sends = " Other packets still leave it, so not all of it has stopped.";
    remediation =
        "Take the node out now. Part of it still runs: look at what takes up new sessions: a stopped "
        "worker, a full queue or table, its signalling; then restart it.";
  } else if (sending == Sending::kNo) {
    sends = " Nothing else leaves it either.";
  }
  SetText(v,
          fmt::format("The media server no longer answers new clients. {} got no answer.{} {}", Counts(*v),
                      sends, Certainty(*v)),
          std::string(remediation) + kComesBack);
}

void ExplainFrozen(const Findings& f, Verdict* v) {
  if (f.partly) return ExplainPartly(f.measured, v);
  if (f.by_ack_rate) return ExplainUnacknowledged(f.measured.sending, v);
  SetText(v,
          fmt::format(
              "The media server has gone silent: clients send to it and nothing at all comes back. {} got "
              "no answer. {}",
              Counts(*v), Certainty(*v)),
          std::string(
              "Take the node out now. A frozen process looks like this, and so do blocked sockets or a "
              "firewall on its way out. If you can spare a minute, save a stack trace first; then restart "
              "it.") +
              kComesBack);
}

const char* NeverActiveText(Detector d, const Verdict& v) {
  if (d == Detector::kNeverActive) return "New connections do not come up.";
  if (d == Detector::kNeverActiveAlive)
    return "New connections do not come up, although the clients keep trying.";
  return v.failed == v.counted ? "Not one new connection comes up." : "Hardly any new connection comes up.";
}

void ExplainFailing(const Findings& f, Verdict* v) {
  const Detector d = f.alarm.value_or(Detector::kNeverActive);
  v->reason = std::string(Name(d));
  const std::string figures = Counts(*v), sure = Certainty(*v), phase = PhaseText(*v);
  switch (d) {
    case Detector::kWaitingOnNode:
      return SetText(
          v,
          fmt::format("Clients wait for this node: it has to send the next packet and does not. "
                      "{} are stuck so.{} {}",
                      figures, phase, sure),
          "Take the node out and restart its media server: it is blocked, deadlocked or starved, or "
          "what it sends is dropped on this machine (firewall, socket buffers).");
    case Detector::kNeverActiveAlive:
    case Detector::kNeverActive:
    case Detector::kNoneActive:
      if (f.joins) return ExplainJoins(f.measured, v);
      if (f.fault) return ExplainLocalFault(f.measured, v);
      return SetText(v,
                     fmt::format("{} {} never got media.{} {} {}", NeverActiveText(d, *v), figures, phase,
                                 sure, kFleetCaveat),
                     kKeepAway);
    case Detector::kEarlyDrop:
      return SetText(
          v,
          fmt::format("Calls start, and within 30 s the node falls silent while the caller is still "
                      "there. {} ended so. {}",
                      figures, sure),
          "Look at the media server's forwarding: crashes, memory, expiring conntrack or NAT entries.");
    case Detector::kFrozen:
      return ExplainFrozen(f, v);
    default:
      return;  // they harm only
  }
}

void ExplainHealthy(const Findings& f, Verdict* v) {
  if (f.client_networks) {
    v->reason = "client_networks";
    v->detail = fmt::format(
        "Some client networks fail by themselves while others succeed: the cause is on their side. {} "
        "failed.",
        Counts(*v));
    return;
  }
  v->reason = "ok";
  if (f.doubt || f.held) {
    v->detail = fmt::format(
        "New connections come up. A few more than usual fail, too few to mean anything. {}", Certainty(*v));
    return;
  }
  v->detail = fmt::format("New connections come up as usual (at most {} usually fails).",
                          OneIn(v->baseline_failure_rate));
}

void ExplainUnknown(const Findings& f, Verdict* v) {
  if (f.unknown_cause == UnknownCause::kCeased) return ExplainCeased(f.measured.arrivals, v);
  const bool stale = f.unknown_cause == UnknownCause::kStale;
  if (stale || f.unknown_cause == UnknownCause::kTooLittle) {
    v->reason = stale ? "stale_evidence" : "too_little_evidence";
    v->detail = stale ? "No new connection has counted for longer than evidence stays fresh."
                      : "Too few new connections lately to tell a healthy node from a failing one.";
    return;
  }
  v->reason = "no_evidence";
  v->detail = "No new connection has counted yet.";
}

void ExplainDetectors(const Findings& f, Verdict* v) {
  v->remediation.clear();
  switch (v->state) {
    case State::kFailing:
      if (f.alarm == Detector::kCallsMuted) return ExplainMuted(f, v);
      if (f.alarm == Detector::kMediaNotReceived) return ExplainUnheard(f, v);
      return f.alarm && IsMedia(*f.alarm) ? ExplainMedia(*f.alarm, f, v) : ExplainFailing(f, v);
    case State::kDegraded:
      return ExplainDegraded(f, v);
    case State::kHealthy:
      return ExplainHealthy(f, v);
    case State::kProbation:
      v->reason = "probation";
      v->detail = "Let back in a little at a time: serving in full when enough new connections have come up.";
      return;
    case State::kUnknown:
      return ExplainUnknown(f, v);
    case State::kDraining:
    case State::kBlind:
      return;  // set outside this folder
  }
}

}  // namespace

void Explain(const Findings& f, Verdict* v) {
  v->cause = {};
  ExplainDetectors(f, v);
  ExplainDropped(f, v);
}

}  // namespace candor
