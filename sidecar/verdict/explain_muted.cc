// SPDX-License-Identifier: Apache-2.0
//
// The sentences of calls that are muted while they run. Tested in tests/verdict/explain_media_test.cc.
#include <fmt/format.h>

#include "verdict/explain_media.h"
#include "verdict/explain_text.h"

namespace candor {

void ExplainMuted(const Findings& f, Verdict* v) {
  v->reason = "calls_muted";
  v->detail = fmt::format(
      "Calls that ran well get no packet from this node any more, while their peers go on sending: {} of {} "
      "that ran within the last minute. {} fell silent, from {}. (Evidence {:.1f}, alarm at {:.1f}.)",
      f.muted, Many(f.running, "call"), v->failed, Networks(v->networks), v->score, v->threshold);
  v->remediation =
      "candorctl flows --one-way lists them. If they are on hold or nobody speaks, it passes by itself. Else "
      "look "
      "at the media server's forwarding (a blocked thread, a full queue, a lost kernel table), and at what "
      "may "
      "hold packets back on their way out (firewall rules, conntrack, a route).";
}

}  // namespace candor
