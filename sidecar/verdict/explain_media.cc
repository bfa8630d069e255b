// SPDX-License-Identifier: Apache-2.0
#include "verdict/explain_media.h"

#include <fmt/format.h>

#include <array>

#include "verdict/explain_text.h"

namespace candor {
namespace {

struct Words {
  const char* happens;  // a sentence
  const char* who;      // after "12 of 14"
  const char* lack;     // what they did
  const char* remediation;
};

constexpr const char* kForwarding =
    "Reachability is fine and media is not: look at the media server's forwarding and its log (SRTP errors, "
    "full queues), and at what may hold RTP back on its way out (firewall rules, rate limits).";

// In the order of kAllMediaDetectors.
constexpr std::array<Words, kMediaDetectors> kWords = {{
    {"New connections come up, their clients send RTP, and this node sends no RTP back: at most RTCP.",
     "new connections whose clients send RTP", "got no RTP from the node", kForwarding},
    {"New connections come up, their clients send data, and this node sends no data back.",
     "new connections whose clients send data", "got no data from the node", kForwarding},
    {"New connections come up, and many whose clients send RTP get no RTP from this node.",
     "new connections whose clients send RTP", "got no RTP from the node",
     "If many meetings have only just begun, their first participants wait for the others. Else look at the "
     "media server's forwarding, and at what may hold some of its RTP back on its way out."},
    {"New connections come up, and many whose clients send data get no data from this node.",
     "new connections whose clients send data", "got no data from the node", kForwarding},
    {"New connections come up, and no RTP from this node reaches them.", "new connections",
     "got no RTP from the node",
     "Either no participant sends (an event that has ended or not begun), or the node no longer forwards: "
     "try one call with two participants, then look at the media server's forwarding and at what may hold "
     "RTP back on its way out."},
    {"New connections come up, and no RTP from their clients reaches this node.", "new connections",
     "sent no RTP that arrived",
     "Either their microphones and cameras are off (listeners of an event), or RTP is lost on its way in: "
     "compare with the other nodes, then look at firewalls and limits before this node."},
    {"New connections come up, and no data from their clients reaches this node.", "new connections",
     "sent no data that arrived",
     "Either the clients open no data channels any more (a new version), or data is lost on its way in: "
     "compare with the other nodes."},
}};

// "Usually all but 1 in 50 have it within 180 ms."; the time is not known after a restart.
std::string Usually(const Findings& f) {
  if (f.usual_missing <= 0) return "";
  const std::string within = f.usual_time > Duration(0) ? " within " + Span(f.usual_time) : "";
  return fmt::format(" Usually all but {} have it{}.", OneIn(f.usual_missing), within);
}

}  // namespace

void ExplainMedia(Detector d, const Findings& f, Verdict* v) {
  const Words& w = kWords[Index(d) - Index(Detector::kNoRtpToSenders)];
  v->reason = "media_missing";
  v->detail = fmt::format("{} {} of {} {} within {}, from {}, {}.{} (Evidence {:.1f}, alarm at {:.1f}.)",
                          w.happens, v->failed, v->counted, w.who, Span(v->window), Networks(v->networks),
                          w.lack, Usually(f), v->score, v->threshold);
  v->remediation = w.remediation;
}

void ExplainSlow(const Findings& f, Verdict* v) {
  v->reason = "slow_setup";
  const std::string longer =
      f.harmed == Detector::kSetupShift
          ? fmt::format("{}, where half usually take no more than {}", Span(f.limit), Span(f.usual_time))
          : std::string("99 % usually do");
  v->detail = fmt::format(
      "New connections {}. {} of {} within {}, from {}, took longer than {}. (Evidence {:.1f}, alarm at "
      "{:.1f}.)",
      f.measured.active_recently ? "come up, but late" : "take long, and none has come up lately", v->failed,
      Many(v->counted, "new connection"), Span(v->window), Networks(v->networks), longer, v->score,
      v->threshold);
  v->remediation =
      "Look for CPU starvation, throttling or queues on the node, and for media or handshakes that are "
      "lost and sent again. If the clients have come from farther away since, it is their distance.";
}

}  // namespace candor
