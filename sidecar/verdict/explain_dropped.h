// SPDX-License-Identifier: Apache-2.0
//
// The sentences of attempts that this node's kernel drops, and their cause: it names the reason, so no
// detector explains them better. Pure, thread-safe. Tested in tests/verdict/explain_dropped_test.cc.
#pragma once

#include "verdict/findings.h"
#include "verdict/verdict.h"

namespace candor {

// Where most of the failed attempts of a DEGRADED or FAILING verdict were dropped here: reason `dropped_here`
// with its texts instead of those already in `v`, or a sentence more where too few sources fail. A frozen
// process overflows its receive buffer: what froze is the cause then.
void ExplainDropped(const Findings& f, Verdict* v);

// "dropped_netfilter_in", measured: the kernel says so. No code where the drops are not the cause: fewer than
// half of the failed attempts, or another state.
Cause DroppedCause(const Verdict& v);

}  // namespace candor
