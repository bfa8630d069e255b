// SPDX-License-Identifier: Apache-2.0
//
// Names the cause of a fault from what was measured: the kernel's drop reasons, the local facts, and what the
// failing attempts have in common. A false localisation is worse than none: where two causes fit, both are
// named and no code is given. Pure, thread-safe. Tested in tests/verdict/cause_finder_test.cc.
#pragma once

#include "verdict/cause.h"
#include "verdict/cause_codes.h"
#include "verdict/cause_evidence.h"

namespace candor {

// Empty where there is no fault, or nothing was looked at.
Cause FindCause(const CauseEvidence& e);
// `a` brings `b` about: where both are measured `a` is the cause.
bool BringsAbout(CauseCode a, CauseCode b);

}  // namespace candor
