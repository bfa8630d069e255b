// SPDX-License-Identifier: Apache-2.0
#include "verdict/explain_arrivals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "verdict/explain_text.h"

namespace candor {
namespace {

constexpr double kWorthSaying = 3;  // attempts that stayed away

// "1 is", "14 are"
std::string Are(double n) {
  const long whole = std::lround(n);
  return fmt::format("{} {}", whole, whole == 1 ? "is" : "are");
}

std::string Begun(uint64_t attempts) {
  return attempts == 0   ? "no attempt began"
         : attempts == 1 ? "1 attempt began"
                         : fmt::format("{} attempts began", attempts);
}

std::string AcceptedText(const JoinEvidence& j) {
  if (j.port == 0) return "Clients joined, and no attempt of theirs began.";  // known from before a restart
  return fmt::format("{} accepted on TCP port {} within {} and {}, where {} usual.",
                     j.accepted == 1 ? "1 session was" : fmt::format("{} sessions were", j.accepted), j.port,
                     Span(j.window), Begun(j.begun), Are(std::max(0.0, j.expected)));
}

// Empty: no other port accepts more than usual.
std::string OtherPortText(const JoinEvidence& j) {
  if (j.other_port == 0) return {};
  return fmt::format(
      " Meanwhile {} sessions were accepted on TCP port {}, where {} usual: if that is the media server's "
      "port "
      "for ICE over TCP, the clients have their media there. Candor does not see it.",
      j.other_accepted, j.other_port, Are(j.other_usual));
}

// The server's word, and that of the sockets beside it.
std::string ReportedText(const ReportedJoinEvidence& r) {
  std::string out = fmt::format(
      "The media server itself counts {} within {}, of which the media of {} came up, where {} usual.",
      Many(r.begun, "join"), Span(r.window), r.up, Are(r.expected));
  if (r.usual_attempts <= 0) return out;
  return out + fmt::format(" At its sockets {}, where {} usual.", Begun(r.attempts),
                           Are(static_cast<double>(r.begun) * r.usual_attempts));
}

}  // namespace

std::string ComeUp(const BaselineSuccesses::Recent& r) {
  return fmt::format("{} came up within {}, where about {} usual", Many(r.successes, "connection"),
                     Span(r.window), Are(r.expected));
}

void ExplainCeased(const ArrivalGap& gap, Verdict* v) {
  v->reason = "attempts_ceased";
  SetText(v,
          fmt::format("No attempt has counted for {} where {} usual. Whether the callers stay away or their "
                      "packets no longer arrive is not known from here.",
                      Span(v->at - gap.last), Are(gap.expected)),
          "If callers should be there, try one call, and look at what lies before this node: its address in "
          "the signalling, firewalls and security groups, the balancer.");
}

void ExplainJoins(const Measurements& m, Verdict* v) {
  v->reason = "joins_without_media";
  const std::string fault = m.local_fault.empty() ? "" : " " + m.local_fault;
  const std::string other = m.local_fault.empty() ? OtherPortText(m.joins) : "";
  SetText(v, (m.reported.fired ? ReportedText(m.reported) : AcceptedText(m.joins)) + fault + other,
          other.empty()
              ? "Clients join and their media does not reach this node. Look at the address that the media "
                "server advertises, at firewalls and security groups before this node, at its port range and "
                "its descriptor limit, and at its log of refused offers; then try one call."
              : "Clients fall back to TCP where their UDP does not arrive. Look at firewalls and security "
                "groups before this node, and at the UDP address and port that the media server advertises.");
}

void ExplainLocalFault(const Measurements& m, Verdict* v) {
  v->reason = "local_fault";
  std::string detail = m.local_fault;
  if (m.unanswered) {
    detail += " Clients send to it, and nothing at all leaves it.";
  } else if (m.arrivals.known && m.arrivals.expected >= kWorthSaying) {
    detail += fmt::format(" No attempt has counted for {} where {} usual.", Span(v->at - m.arrivals.last),
                          Are(m.arrivals.expected));
  }
  SetText(v, std::move(detail), "Look at the media server's processes and at its log, and restart it.");
}

void ExplainPartly(const Measurements& m, Verdict* v) {
  v->reason = "partly_unanswered";
  SetText(
      v,
      fmt::format(
          "The node no longer acknowledges a share of its clients, and the successes fell with it: "
          "{} got no answer. Meanwhile {}.{} {}",
          Counts(*v), ComeUp(m.successes),
          m.familiar == 0 ? "" : fmt::format(" {} of the unanswered had come up here before.", m.familiar),
          Certainty(*v)),
      "Look for a stopped worker, a stuck event loop or a socket whose queue is full (one of several that "
      "share the port); take the node out and restart it.");
}

}  // namespace candor
