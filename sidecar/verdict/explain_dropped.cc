// SPDX-License-Identifier: Apache-2.0
#include "verdict/explain_dropped.h"

#include <fmt/format.h>

#include <cctype>

#include "flow/drop_reasons.h"
#include "verdict/cause_codes.h"
#include "verdict/explain_text.h"

namespace candor {
namespace {

const char* DropsIn(candor_drop_reason r) {
  switch (r) {
    case CANDOR_DROP_RECEIVE_BUFFER:
      return "The media server's receive buffers overflow, and what clients send is dropped";
    case CANDOR_DROP_UDP_MEMORY:
      return "This machine's memory for UDP is used up, and what clients send is dropped";
    case CANDOR_DROP_NETFILTER:
      return "This node's firewall drops what clients send";
    case CANDOR_DROP_CHECKSUM:
      return "What clients send arrives with a wrong UDP checksum, and this node drops it";
    case CANDOR_DROP_NO_SOCKET:
      return "No socket on this node has the port that clients send to";
    case CANDOR_DROP_SOCKET_FILTER:
      return "A BPF program on this node drops what clients send";
    case CANDOR_DROP_SOURCE:
      return "This node's routing refuses the addresses that clients send from";
    case CANDOR_DROP_POLICY:
      return "An IPsec policy of this node drops what clients send";
    case CANDOR_DROP_TC_INGRESS:
      return "A tc filter on this node drops what clients send";
    case CANDOR_DROP_ROUTE:
      return "Clients send to an address that is not this node's";
    case CANDOR_DROP_BACKLOG:
      return "A CPU of this node takes in more packets than it can, and what clients send is dropped";
    case CANDOR_DROP_XDP:
      return "An XDP program on this node drops what clients send";
    case CANDOR_DROP_MEMORY:
      return "The kernel of this node has no memory for what clients send";
    default:
      return "What clients send reaches this node and does not reach its socket";
  }
}

const char* DropsOut(candor_drop_reason r) {
  switch (r) {
    case CANDOR_DROP_NETFILTER:
      return "This node's firewall drops what the media server answers";
    case CANDOR_DROP_QDISC:
      return "A full queue of this node drops what the media server answers";
    case CANDOR_DROP_TC_EGRESS:
      return "A tc filter on this node drops what the media server answers";
    case CANDOR_DROP_NEIGHBOUR:
      return "The next hop does not answer this node, so what the media server answers is dropped";
    case CANDOR_DROP_CGROUP_EGRESS:
      return "A BPF program on this node drops what the media server answers";
    case CANDOR_DROP_DEVICE:
      return "This node's network device drops what the media server answers";
    case CANDOR_DROP_ROUTE:
      return "This node has no route for what the media server answers";
    case CANDOR_DROP_MEMORY:
      return "The kernel of this node has no memory for what the media server answers";
    default:
      return "What the media server answers does not leave this node";
  }
}

// "This node's firewall drops what clients send (netfilter, in: 943 of 943)."
std::string Drops(const Verdict& v) {
  const LostReason r = v.dropped.reason;
  return fmt::format("{} ({}, {}: {} of {}).",
                     r.direction == CANDOR_IN ? DropsIn(r.reason) : DropsOut(r.reason), DropName(r.reason),
                     DirectionName(r.direction), v.dropped.of_reason, v.failed);
}

std::string RemediationOf(LostReason r) {
  std::string text(DropRemediation(r.reason, r.direction));
  if (text.empty()) return text;
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text + ".";
}

bool IsDropped(const Verdict& v) {
  const bool alarmed =
      v.state == State::kFailing || v.state == State::kDegraded || v.state == State::kProbation;
  return alarmed && v.failed > 0 && MostlyDropped(v.dropped, v.failed);
}

// A process that reads nothing fills its buffer.
bool IsFrozen(const Findings& f, const Verdict& v) {
  const bool full = v.dropped.reason.reason == CANDOR_DROP_RECEIVE_BUFFER ||
                    v.dropped.reason.reason == CANDOR_DROP_UDP_MEMORY;
  return full && v.state == State::kFailing && f.alarm == Detector::kFrozen;
}

// Reasons of DEGRADED of which drops are no explanation: they have one, or are about what gets through.
bool HasItsOwn(Harm h) {
  return h == Harm::kSlowSetup || h == Harm::kMediaMissing || h == Harm::kCallsMuted ||
         h == Harm::kMediaNotReceived || h == Harm::kReceiveDrops || h == Harm::kFailedSends;
}

void ExplainFailing(Verdict* v) {
  SetText(v, fmt::format("{} {} never got media. {}", Drops(*v), Counts(*v), Certainty(*v)),
          RemediationOf(v->dropped.reason) +
              " Keep new sessions off this node until then. It is let back in by "
              "itself once new connections come up.");
}

void ExplainDegradedOf(const Findings& f, Verdict* v) {
  const bool unanswered = f.harm == Harm::kUnanswered || f.harm == Harm::kUnansweredIdle;
  const char* caveat =
      unanswered && !f.measured.active_recently
          ? "Nobody else has come up lately, so from here clients that are kept out look the same "
            "as strangers whom such a rule is meant for. "
          : "";
  SetText(v, fmt::format("{} {} failed. {}{}", Drops(*v), Counts(*v), caveat, Certainty(*v)),
          RemediationOf(v->dropped.reason) +
              " Compare the addresses in candorctl attempts with your signalling's log, and try one call.");
}

}  // namespace

void ExplainDropped(const Findings& f, Verdict* v) {
  if (!IsDropped(*v) || IsFrozen(f, *v)) return;
  if (v->state == State::kDegraded && HasItsOwn(f.harm)) return;
  v->cause = DroppedCause(*v);
  if (v->state == State::kProbation) return;
  if (v->state == State::kDegraded && (f.harm == Harm::kTooFewSources || f.harm == Harm::kTrustedAlone)) {
    v->detail = Drops(*v) + " " + v->detail;
    v->remediation = RemediationOf(v->dropped.reason) + " " + v->remediation;
    return;
  }
  v->reason = "dropped_here";
  v->state == State::kFailing ? ExplainFailing(v) : ExplainDegradedOf(f, v);
}

Cause DroppedCause(const Verdict& v) {
  if (!IsDropped(v)) return {};
  const LostReason r = v.dropped.reason;
  const bool known = r.reason != kNotDelivered;
  return {.code = std::string(Name(CauseCodeOf(r.reason, r.direction))),
          .measured = true,
          .text = Drops(v),
          .remediation = RemediationOf(r),
          .chain = {fmt::format(
              "{} of {} failed attempts wait for packets that this node dropped: {}.", v.dropped.attempts,
              v.failed, known ? DropHelp(r.reason) : "the captures at the wire and at the socket differ")}};
}

}  // namespace candor
