// SPDX-License-Identifier: Apache-2.0
//
// The node's verdict from those of its media servers. Pure. Tested in tests/pipeline/node_verdict_test.cc.
#pragma once

#include <span>
#include <string_view>

#include "verdict/verdict.h"

namespace candor {

struct ServerOpinion {
  std::string_view name;
  const Verdict* verdict = nullptr;
  double share = 0;    // of the node's acknowledged attempts, 0..1
  bool drives = true;  // its failure is the node's
};

// Of two servers or more. The worst verdict of those that drive the node is the node's; from worst to best:
// FAILING, PROBATION, DEGRADED, UNKNOWN because attempts that usually come have ceased, HEALTHY, any other
// UNKNOWN. Where that is better than DEGRADED and another server is FAILING or in PROBATION, the node is
// DEGRADED with the reason server_failing. Where none drives it, the one with the largest share does, up to
// DEGRADED. Losses of sockets (`sockets`, may be null) belong to no server: they make the node DEGRADED.
// `last`: the node's verdict before, whose `since` goes on in the same state.
Verdict CombineVerdicts(std::span<const ServerOpinion> servers, const Verdict* sockets, const Verdict& last);

}  // namespace candor
