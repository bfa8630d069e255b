// SPDX-License-Identifier: Apache-2.0
//
// The effective answer of a node: serving or not, by state and self-report. The only place that decides it
// for all interfaces (proto/README.md has the table); operators' overrides come on top (overrides.h). Pure.
#pragma once

#include <cstdint>

#include "flow/flow_source.h"
#include "selfreport/self_report.h"
#include "verdict/verdict.h"

namespace candor {

// The answer of a node in state BLIND: its self-report, or not serving.
enum class BlindPolicy : uint8_t { kFollowSelf, kNotServing };

// The verdict while the probes are blind: state BLIND with the blindness's code and text, since
// `blind_since`. Two states stay: DRAINING, which needs no probes, and FAILING of before a restart while the
// probes are being loaded, because blindness is no recovery. The figures of the verdict stay in any case.
Verdict WithBlindness(Verdict verdict, const Blindness& blindness, Time blind_since);

// Whether the probes deliver: there is a source and it is not blind.
bool IsObserving(const SourceHealth& source);

// Serving: `self` and `state`, which is that of WithBlindness(), both allow it. UNKNOWN follows the
// self-report; BLIND does so by policy. The verdict never turns a self-report of "down" into serving.
bool EffectiveServing(State state, const SelfReport& self, BlindPolicy policy);

}  // namespace candor
