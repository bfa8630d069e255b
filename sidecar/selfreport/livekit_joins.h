// SPDX-License-Identifier: Apache-2.0
//
// LiveKit's counters of joins on its page of metrics (`prometheus.port`), as LiveKit 1.13 writes them:
//   livekit_participant_join_total{node_id="ND_...",node_type="SERVER",state="..."} 25
// What its states mean:
//   signal_connected  a signalling session on this node, also for a room of another node
//   rtc_init          a join that this node has to serve; a resumed one, too
//   rtc_connected     it is taken up: nothing of media is known by it, and it is not used here
//   rtc_success       its media came up for the first time
//   rtc_active        the same, or it was resumed
//   rtc_canceled      its client left before; so does a client that has waited for media in vain
// States that were not counted yet are absent. A LiveKit that does not know rtc_success tells resumed ones
// not apart: they count as come up. Pure. Tested in tests/selfreport/livekit_joins_test.cc.
#pragma once

#include <string_view>

#include "base/result.h"
#include "flow/reported_joins.h"

namespace candor {

// Without `at`. The error is for operators: no metrics, or not those of LiveKit.
Result<ReportedJoins> LiveKitJoins(std::string_view page);

}  // namespace candor
