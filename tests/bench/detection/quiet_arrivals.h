// SPDX-License-Identifier: Apache-2.0
//
// Healthy nodes whose attempts come and go, with what else reaches them: for the detectors of what does not
// come (attempts_ceased, joins_without_media), of lost packets and of calls that run.
#pragma once

#include <vector>

#include "quiet.h"

namespace candor::bench {

// All of them at `rate` attempts a second by day, for `days`. The first day is a Monday; it begins at
// midnight.
std::vector<QuietScenario> ArrivalScenarios(double rate, double days);

}  // namespace candor::bench
