// SPDX-License-Identifier: Apache-2.0
//
// The sentences of calls whose peers receive nothing of what the node sends. Tested in
// tests/verdict/explain_media_test.cc.
#include <fmt/format.h>

#include "verdict/explain_media.h"
#include "verdict/explain_text.h"

namespace candor {

void ExplainUnheard(const Findings& f, Verdict* v) {
  v->reason = "media_not_received";
  const std::string calls =
      f.reporting > 0 ? fmt::format("of {} whose RTCP tells, {} {} nothing", Many(f.reporting, "call"),
                                    f.unheard, f.unheard == 1 ? "hears" : "hear")
                      : "calls whose RTCP tells hear nothing";
  v->detail = fmt::format(
      "Media of this node does not arrive: {} of what this node sends. {} went unheard, from {}. (Evidence "
      "{:.1f}, alarm at "
      "{:.1f}.)",
      calls, Many(v->failed, "call"), Networks(v->networks), v->score, v->threshold);
  v->remediation =
      "candorctl flows --one-way lists them. Look at what may hold packets back on their way from this node: "
      "security groups and network ACLs for outgoing UDP, the provider, a NAT or firewall before it, a "
      "changed address. Capture beyond this node (a router, one of the phones) to see where they end.";
}

}  // namespace candor
