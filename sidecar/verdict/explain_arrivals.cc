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
  const JoinEvidence& j = m.joins;
  const std::string begun = j.begun == 0   ? "no attempt began"
                            : j.begun == 1 ? "1 attempt began"
                                           : fmt::format("{} attempts began", j.begun);
  const std::string fault = m.local_fault.empty() ? "" : " " + m.local_fault;
  const bool over_tcp = j.other_port != 0 && m.local_fault.empty();
  const std::string other =
      !over_tcp ? ""
                : fmt::format(
                      " Meanwhile {} sessions were accepted on TCP port {}, where {} usual: if that is "
                      "the media server's port for ICE over TCP, the clients have their media there. "
                      "Candor does not see it.",
                      j.other_accepted, j.other_port, Are(j.other_usual));
  SetText(v,
          fmt::format("{} accepted on TCP port {} within {} and {}, where {} usual.{}{}",
                      j.accepted == 1 ? "1 session was" : fmt::format("{} sessions were", j.accepted), j.port,
                      Span(j.window), begun, Are(std::max(0.0, j.expected)), fault, other),
          over_tcp
              ? "Clients fall back to TCP where their UDP does not arrive. Look at firewalls and security "
                "groups before this node, and at the UDP address and port that the media server advertises."
              : "Clients join and their media does not reach this node. Look at the address that the media "
                "server "
                "advertises, at firewalls and security groups before this node, at its port range and its "
                "descriptor limit, and at its log of refused offers; then try one call.");
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
