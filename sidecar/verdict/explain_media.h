// SPDX-License-Identifier: Apache-2.0
//
// The sentences of the detectors that look at active attempts: media that no longer comes, and setup times as
// a whole. Pure, thread-safe.
#pragma once

#include "verdict/findings.h"
#include "verdict/verdict.h"

namespace candor {

// Of a detector of media that has fired: fills reason, detail and remediation.
void ExplainMedia(Detector c, const Findings& f, Verdict* v);
// Of Harm::kSlowSetup.
void ExplainSlow(const Findings& f, Verdict* v);

}  // namespace candor
