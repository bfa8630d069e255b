// SPDX-License-Identifier: Apache-2.0
//
// The verdict in words: a stable reason for machines, a sentence with figures and a remediation for
// operators. Pure, thread-safe.
#pragma once

#include "verdict/findings.h"
#include "verdict/verdict.h"

namespace candor {

// Fills reason, detail and remediation from the state, the figures already in `v` and what was found.
void Explain(const Findings& f, Verdict* v);

}  // namespace candor
