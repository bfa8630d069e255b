// SPDX-License-Identifier: Apache-2.0
#include "verdict/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "verdict/explain_media.h"
#include "verdict/words.h"

namespace candor {
namespace {

// "9 of 9 new connections within 3.2 s, from 4 client networks,"
std::string Counts(const Verdict& v) {
  return fmt::format("{} of {} new connections within {}, from {},", v.failed, v.counted, Span(v.window),
                     Networks(v));
}

// How sure, in words first: the figures are for those who know them.
std::string Sureness(const Verdict& v) {
  return fmt::format("Usually at most {} fail so (evidence {:.1f}, alarm at {:.1f}).", OneIn(v.usual_share),
                     v.z, v.h);
}

// Where most of them stand, as somebody would say it who knows calls rather than protocols.
std::string Standing(const Verdict& v) {
  switch (v.stuck_phase) {
    case Phase::kOffered:
      return " Most of them asked and were not answered.";
    case Phase::kAnswered:
      return " Most of them were answered, but no path was agreed on.";
    case Phase::kNominated:
      return " Most of them have a path, but encryption is not set up.";
    case Phase::kSecured:
      return " Most of them are encrypted, but no media flows both ways.";
    case Phase::kNone:
    case Phase::kActive:
      break;
  }
  return "";
}

// The one thing that a node alone cannot know (verdict.md): whether everybody else sees the same.
constexpr const char* kFleetCaveat =
    "One node alone cannot tell this from an outage of that many client networks: compare with the other "
    "nodes.";

constexpr const char* kKeepAway =
    "Keep new sessions off this node. candorctl attempts shows where they get stuck: look there, and at the "
    "node's outgoing path.";

void Say(Verdict* v, std::string detail, std::string cure) {
  v->detail = std::move(detail);
  v->cure = std::move(cure);
}

void ExplainFrozen(bool deaf, Verdict* v) {
  constexpr const char* kCure =
      "Take the node out now. Its process is most likely frozen, or its sockets are blocked. If you can "
      "spare "
      "a minute, save a stack trace first; then restart it. It is let back in by itself once new connections "
      "come up.";
  if (!deaf) {
    return Say(v,
               fmt::format("The media server has gone silent: clients send to it and nothing at all comes "
                           "back. {} got no answer. {}",
                           Counts(*v), Sureness(*v)),
               kCure);
  }
  v->reason = "unanswered";
  Say(v,
      fmt::format("The media server no longer answers new clients, although it still serves old ones. {} got "
                  "no answer. {}",
                  Counts(*v), Sureness(*v)),
      kCure);
}

void ExplainFailing(Channel c, bool deaf, Verdict* v) {
  v->reason = std::string(Name(c));
  const std::string figures = Counts(*v), sure = Sureness(*v), standing = Standing(*v);
  switch (c) {
    case Channel::kNodeOwed:
      return Say(v,
                 fmt::format("Clients wait for this node: it owes them the next packet and does not send it. "
                             "{} are stuck so.{} {}",
                             figures, standing, sure),
                 "Take the node out and restart its media server: it is blocked, deadlocked or starved, or "
                 "what it sends is dropped on this machine (firewall, socket buffers).");
    case Channel::kNeverActiveAlive:
      return Say(v,
                 fmt::format("New connections do not come up, although the clients keep trying. {} never got "
                             "media.{} {} {}",
                             figures, standing, sure, kFleetCaveat),
                 kKeepAway);
    case Channel::kNeverActive:
      return Say(v,
                 fmt::format("New connections do not come up. {} never got media.{} {} {}", figures, standing,
                             sure, kFleetCaveat),
                 kKeepAway);
    case Channel::kNoneActive:
      return Say(v,
                 fmt::format("Not one new connection comes up. {} never got media.{} {} {}", figures,
                             standing, sure, kFleetCaveat),
                 kKeepAway);
    case Channel::kEarlyDrop:
      return Say(
          v,
          fmt::format("Calls start, and within 30 s the node falls silent while the caller is still "
                      "there. {} ended so. {}",
                      figures, sure),
          "Look at the media server's forwarding: crashes, memory, expiring conntrack or NAT entries.");
    case Channel::kFrozen:
      return ExplainFrozen(deaf, v);
    default:
      return;  // they harm only
  }
}

// "1,204 of 20,113 datagrams (6.0 %) within 12.0 s, more than 1 % in 11 of 12 seconds"
std::string Lost(const SocketLoss& s) {
  return fmt::format("{} of {} datagrams ({:.1f} %) within {}, more than 1 % in {} of {} seconds", s.lost,
                     s.tried,
                     100.0 * static_cast<double>(s.lost) / std::max(1.0, static_cast<double>(s.tried)),
                     Span(s.window), s.bad_seconds, s.seconds);
}

// What the kernel itself says of most of them; nothing where it does not.
std::string KernelsReason(const SocketLoss& s) {
  if (s.cause == CANDOR_DROP_NONE) return "";
  return fmt::format(" Most of them, says the kernel, because {} ({}).", DropHelp(s.cause),
                     DropName(s.cause));
}

// The cure of the kernel's reason, or else `usual`.
std::string CureOf(const SocketLoss& s, candor_dir direction, const char* usual) {
  if (s.cause == CANDOR_DROP_NONE) return usual;
  std::string cure(DropCure(s.cause, direction));
  cure.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(cure.front())));
  return cure + ".";
}

void ExplainLoss(std::string_view channel, Verdict* v) {
  v->reason = channel;
  SocketLoss loss;
  for (const SocketLoss& s : v->sockets) {
    if (s.channel == channel) loss = s;
  }
  const std::string sure = fmt::format(
      "Usually at most {} seconds is so bad (evidence {:.1f}, alarm at {:.1f}). Connections still come "
      "up; what they carry suffers.",
      OneIn(v->usual_share), v->z, v->h);
  if (channel == "receive_drops") {
    return Say(
        v,
        fmt::format("Datagrams reach this machine and are dropped before the media server takes them: "
                    "{}.{} {}",
                    Lost(loss), KernelsReason(loss), sure),
        CureOf(loss, CANDOR_IN,
               "The media server reads too slowly, or its receive buffers are too small. Look for CPU "
               "starvation, throttling and blocked event loops first; then raise net.core.rmem_max and "
               "the server's receive buffer (for 'memory' drops net.ipv4.udp_mem)."));
  }
  Say(v,
      fmt::format("The media server sends, and this machine does not let it out: {}.{} {}", Lost(loss),
                  KernelsReason(loss), sure),
      CureOf(loss, CANDOR_OUT,
             "Look at what stands between its sockets and the wire: a full queue (tc -s qdisc), a firewall's "
             "output rules, a full conntrack table (dmesg), a link slower than the media."));
}

void ExplainDegraded(const Findings& f, Verdict* v) {
  switch (f.harm) {
    case Harm::kReceiveDrops:
      return ExplainLoss("receive_drops", v);
    case Harm::kFailedSends:
      return ExplainLoss("failed_sends", v);
    case Harm::kTooFewSources:
      v->reason = "too_few_sources";
      return Say(
          v,
          fmt::format("New connections fail, but from too few places to blame the node. {} failed; from "
                      "more networks that would be an alarm. {}",
                      Counts(*v), Sureness(*v)),
          "If these are SIP trunks, TURN relays or a NAT you know, name them in trusted_sources.");
    case Harm::kTrustedAlone:
      v->reason = "trusted_source_fails";
      return Say(v,
                 fmt::format("New connections from a trusted source fail, while all others come up as usual. "
                             "{} failed. {}",
                             Counts(*v), Sureness(*v)),
                 "Look at that trunk, relay or network first, then at what on this node serves it alone.");
    case Harm::kSlowSetup:
      return ExplainSlow(f, v);
    case Harm::kMediaMissing:
      return ExplainMedia(f.harmed, f, v);
    case Harm::kFlood:
      v->reason = "unvouched_flood";
      return Say(
          v,
          fmt::format("Many attempts come in that the node never acknowledged, while real ones succeed "
                      "as usual: most likely forged. {} are not held against the node.",
                      Counts(*v)),
          "Filter the sources upstream if the load hurts.");
    case Harm::kUnansweredIdle:
      v->reason = "unanswered_while_idle";
      return Say(
          v,
          fmt::format("Clients ask and nothing at all comes back, but the node had nothing to do before. {} "
                      "got no answer. From here a node that froze while idle looks the same as strangers who "
                      "forge requests.",
                      Counts(*v)),
          "Try one call against this node. If it does not come up, take the node out and restart it. With "
          "your own test network in trusted_sources, Candor can tell by itself.");
    case Harm::kNone:
      break;
  }
  v->reason = "in_doubt";
  Say(v,
      fmt::format("More new connections fail than usual, not yet enough for an alarm. {} failed. {}",
                  Counts(*v), Sureness(*v)),
      "Watch it; compare with the other nodes.");
}

void ExplainHealthy(const Findings& f, Verdict* v) {
  if (f.client_networks) {
    v->reason = "client_networks";
    v->detail = fmt::format(
        "Some client networks fail by themselves while the others succeed as usual: the trouble is on their "
        "side. {} failed.",
        Counts(*v));
    return;
  }
  v->reason = "ok";
  v->detail =
      fmt::format("New connections come up as usual (at most {} usually fails).", OneIn(v->usual_share));
}

void ExplainUnknown(const Findings& f, Verdict* v) {
  switch (f.silence) {
    case Silence::kStale:
      v->reason = "stale_evidence";
      v->detail = "No new connection has counted for longer than evidence stays fresh.";
      return;
    case Silence::kTooLittle:
      v->reason = "too_little_evidence";
      v->detail = "Too few new connections lately to tell a healthy node from a failing one.";
      return;
    case Silence::kNoEvidence:
    case Silence::kNone:
      break;
  }
  v->reason = "no_evidence";
  v->detail = "No new connection has counted yet.";
}

}  // namespace

void Explain(const Findings& f, Verdict* v) {
  v->cure.clear();
  switch (v->state) {
    case State::kFailing:
      if (f.alarm && IsMedia(*f.alarm)) return ExplainMedia(*f.alarm, f, v);
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
      v->detail = "Let back in a little at a time: serving in full when enough new connections have come up.";
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
