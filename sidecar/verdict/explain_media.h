// SPDX-License-Identifier: Apache-2.0
//
// The sentences of the detectors of active attempts: missing media, and slow setups. Pure, thread-safe.
#pragma once

#include "verdict/findings.h"
#include "verdict/verdict.h"

namespace candor {

// Fill reason, detail and remediation: of a media detector that has fired; of Harm::kSlowSetup.
void ExplainMedia(Detector d, const Findings& f, Verdict* v);
void ExplainMuted(const Findings& f, Verdict* v);
void ExplainUnheard(const Findings& f, Verdict* v);
void ExplainSlow(const Findings& f, Verdict* v);

}  // namespace candor
