// SPDX-License-Identifier: Apache-2.0
//
// The contract of states x interfaces, in one place: every interface shows and answers what is said here,
// unless an operator intervened (overrides.h). Pure functions of values.
#pragma once

#include <cstdint>

#include "flow/flow_source.h"
#include "selfreport/self_report.h"
#include "verdict/verdict.h"

namespace candor {

// What a node whose probes cannot see answers with: what it says of itself, or no.
enum class BlindPolicy : uint8_t { kFollowSelf, kNotServing };

// The verdict with blindness put over it: BLIND with the blindness's code and text, since `blind_since`,
// unless the node is DRAINING, which is known without seeing, or FAILING from before a restart while the
// probes are still being loaded: going blind heals nobody. The evidence of before stays to be read.
Verdict WithBlindness(Verdict verdict, const Blindness& blindness, Time blind_since);

// Whether the probes see: blind, or no source yet, is no.
bool IsObserving(const SourceHealth& source);

// The worse of self-report and verdict; UNKNOWN and BLIND follow the self-report (BLIND by policy); the
// self-report is overridden downward only. `state` is that of WithBlindness().
bool EffectiveServing(State state, const SelfReport& self, BlindPolicy policy);

}  // namespace candor
