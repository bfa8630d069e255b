// SPDX-License-Identifier: Apache-2.0
//
// The sentences of DEGRADED: each claim rests on a measurement, and where the cause is not known every
// possible one is named. Tested in tests/verdict/explain_test.cc.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "verdict/explain_arrivals.h"
#include "verdict/explain_media.h"
#include "verdict/explain_text.h"

namespace candor {
namespace {

// "204 of 2113 datagrams (6.0 %) within 12.0 s, more than 1 % in 11 of 12 seconds"
std::string Lost(const SocketLoss& s) {
  return fmt::format("{} of {} ({:.1f} %) within {}, more than 1 % in {} of {}", s.lost,
                     Many(s.tried, "datagram"),
                     100.0 * static_cast<double>(s.lost) / std::max(1.0, static_cast<double>(s.tried)),
                     Span(s.window), s.bad_seconds, Many(s.seconds, "second"));
}

// The kernel's reason for most of them, where it gives one.
std::string KernelReason(const SocketLoss& s) {
  if (s.cause == CANDOR_DROP_NONE) return "";
  return fmt::format(" The kernel's reason for most of them: {} ({}).", DropHelp(s.cause), DropName(s.cause));
}

// The remediation of the kernel's reason, or else `usual`.
std::string RemediationOf(const SocketLoss& s, candor_dir direction, const char* usual) {
  if (s.cause == CANDOR_DROP_NONE) return usual;
  std::string remediation(DropRemediation(s.cause, direction));
  remediation.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(remediation.front())));
  return remediation + ".";
}

void ExplainLoss(std::string_view detector, bool come_up, Verdict* v) {
  v->reason = detector;
  SocketLoss loss;
  for (const SocketLoss& s : v->sockets) {
    if (s.detector == detector) loss = s;
  }
  const std::string sure = fmt::format(
      "Usually at most {} seconds is so bad (evidence {:.1f}, alarm at {:.1f}). {}",
      OneIn(v->baseline_failure_rate), v->score, v->threshold,
      come_up ? "Connections still come up; what they carry suffers." : "What connections carry suffers.");
  if (detector == "receive_drops") {
    return SetText(
        v,
        fmt::format("Datagrams reach this machine and are dropped before the media server takes them: "
                    "{}.{} {}",
                    Lost(loss), KernelReason(loss), sure),
        RemediationOf(
            loss, CANDOR_IN,
            "The media server reads too slowly, or its receive buffers are too small. Look for CPU "
            "starvation, throttling and blocked event loops first; then raise net.core.rmem_max and "
            "the server's receive buffer (for 'memory' drops net.ipv4.udp_mem)."));
  }
  SetText(
      v,
      fmt::format("The media server sends, and this machine does not let it out: {}.{} {}", Lost(loss),
                  KernelReason(loss), sure),
      RemediationOf(
          loss, CANDOR_OUT,
          "Look at what stands between its sockets and the wire: a full queue (tc -s qdisc), a firewall's "
          "output rules, a full conntrack table (dmesg), a link slower than the media."));
}

// Nothing that was measured says otherwise: most of the usual successes come up, no fault of this machine is
// known, and the unanswered ones are no clients that came up before.
bool MayBeForged(const Measurements& m) {
  constexpr double kMost = 0.8;
  const bool stopped =
      m.usual_known && static_cast<double>(m.successes.successes) < kMost * m.successes.expected;
  return !stopped && m.local_fault.empty() && m.familiar == 0;
}

// What speaks for the node's clients, and against strangers.
std::string Familiar(const Measurements& m) {
  if (m.familiar == 0) return "";
  return fmt::format(" {} of the unanswered came from addresses that had come up here before.", m.familiar);
}

void ExplainUnanswered(const Measurements& m, Verdict* v);

void ExplainFlood(const Measurements& m, Verdict* v) {
  if (!MayBeForged(m)) return ExplainUnanswered(m, v);
  v->reason = "unacknowledged_flood";
  SetText(v,
          fmt::format(
              "Many attempts come in that the node never acknowledged, while others succeed as usual: {}. "
              "So the unanswered ones are most likely forged. {} are not held against the node.",
              ComeUp(m.successes), Counts(*v)),
          "Filter the sources upstream if the load hurts.");
}

// The cause is not known: everything that fits what was measured is named.
void ExplainUnanswered(const Measurements& m, Verdict* v) {
  v->reason = "unanswered_checks";
  const char* either = MayBeForged(m)
                           ? " The node may ignore a part of its clients, or the requests are forged."
                           : " The node ignores a part of its clients, or they were sent to it wrongly.";
  std::string known;
  if (!m.answered) {
    known =
        "Candor has not seen this node answer a request yet. It may be down or receive nothing, its "
        "answers may take a path that Candor does not observe, or the requests are forged or stale.";
  } else if (m.usual_known && m.successes.window > Duration(0)) {
    known = fmt::format("Meanwhile {}.{}{}", ComeUp(m.successes), Familiar(m), either);
  } else {
    known = "How many others come up meanwhile, and usually, is not known yet.";
    known += Familiar(m) + either;
  }
  SetText(
      v, fmt::format("Clients ask and get no answer: {} were never acknowledged. {}", Counts(*v), known),
      "Compare the addresses in candorctl attempts with your signalling's log, and try one call. Users of "
      "yours among them: look for a stopped worker or a full queue, and take the node out. Strangers only: "
      "filter them upstream. With your own networks in trusted_sources, Candor can tell by itself.");
}

void ExplainRefusals(const Measurements& m, Verdict* v) {
  v->reason = "refuses_all";
  SetText(
      v,
      fmt::format(
          "The node refuses new clients and acknowledges hardly any attempt any more: {} refused, from {}, "
          "since its acknowledgements fell to less than a tenth of what is usual. Its credentials or "
          "its signalling may be broken, or all clients' own stay away while strangers are refused.",
          Many(m.refused, "attempt"), Networks(static_cast<uint64_t>(m.refused_networks))),
      "Try one call. If it is refused, compare the shared secret, the clock and the session table of the "
      "node with those of its signalling, and take the node out until they agree.");
}

// What explains a detector that a guard holds back.
std::string Fits(const Findings& f) {
  if (f.harmed == Detector::kNoneActive && f.measured.longest_failure_run > 0) {
    return fmt::format(
        "Runs of up to {} failures have ended by themselves here before, so this is not called a failure "
        "yet.",
        f.measured.longest_failure_run);
  }
  if (f.harmed == Detector::kSlowSetup && f.held) {
    return "Some client networks fail meanwhile: theirs may be the slow ones, or the node is slow for all.";
  }
  return "Nothing else that was measured explains it.";
}

void ExplainUnexplained(const Findings& f, Verdict* v) {
  v->reason = "unexplained";
  SetText(v,
          fmt::format("The detector {} has fired: {} count against the node. {} {}", Name(f.harmed),
                      Counts(*v), Fits(f), Certainty(*v)),
          "Look at these attempts with candorctl attempts, try one call, and compare with the other nodes.");
}

void ExplainSources(Harm harm, Verdict* v) {
  if (harm == Harm::kTrustedAlone) {
    v->reason = "trusted_source_fails";
    return SetText(
        v,
        fmt::format("New connections from a trusted source fail, while those of others come up. {} "
                    "failed. {}",
                    Counts(*v), Certainty(*v)),
        "Look at that trunk, relay or network first, then at what on this node serves it alone.");
  }
  v->reason = "too_few_sources";
  SetText(v,
          fmt::format("New connections fail, but from too few places to blame the node. {} failed; from more "
                      "networks that would be an alarm. {}",
                      Counts(*v), Certainty(*v)),
          "If these are SIP trunks, TURN relays or a NAT you know, name them in trusted_sources.");
}

}  // namespace

void ExplainDegraded(const Findings& f, Verdict* v) {
  switch (f.harm) {
    case Harm::kReceiveDrops:
      return ExplainLoss("receive_drops", f.measured.active_recently, v);
    case Harm::kFailedSends:
      return ExplainLoss("failed_sends", f.measured.active_recently, v);
    case Harm::kTooFewSources:
    case Harm::kTrustedAlone:
      return ExplainSources(f.harm, v);
    case Harm::kSlowSetup:
      return ExplainSlow(f, v);
    case Harm::kCallsMuted:
      return ExplainMuted(f, v);
    case Harm::kMediaNotReceived:
      return ExplainUnheard(f, v);
    case Harm::kMediaMissing:
      return ExplainMedia(f.harmed, f, v);
    case Harm::kFlood:
      return ExplainFlood(f.measured, v);
    case Harm::kPartlyUnanswered:
      return ExplainPartly(f.measured, v);
    case Harm::kJoinsWithoutMedia:
      return ExplainJoins(f.measured, v);
    case Harm::kLocalFault:
      return ExplainLocalFault(f.measured, v);
    case Harm::kUnanswered:
      return ExplainUnanswered(f.measured, v);
    case Harm::kRefusesAll:
      return ExplainRefusals(f.measured, v);
    case Harm::kUnexplained:
      return ExplainUnexplained(f, v);
    case Harm::kUnansweredIdle:
      v->reason = "unanswered_while_idle";
      return SetText(
          v,
          fmt::format(
              "Clients ask and nothing at all comes back, but the node had acknowledged no attempt for a "
              "minute when that began. {} got no answer. From here a node that froze while idle looks "
              "the same as forged requests.",
              Counts(*v)),
          "Try one call against this node. If it does not come up, take the node out and restart it. With "
          "your own test network in trusted_sources, Candor can tell by itself.");
    case Harm::kNone:
      break;
  }
  v->reason = "in_doubt";
  SetText(v,
          fmt::format("More new connections fail than usual, not yet enough for an alarm. {} failed. {}",
                      Counts(*v), Certainty(*v)),
          "Watch it; compare with the other nodes.");
}

}  // namespace candor
